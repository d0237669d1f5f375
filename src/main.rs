//! Arguments -> command line or terminal -> exit status.

fn main() {}
