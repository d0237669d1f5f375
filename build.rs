//! The bank is embedded in the binary: a file that is added to it must lead to a new build.

fn main() {
    for folder in ["content", "problems", "themes"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
