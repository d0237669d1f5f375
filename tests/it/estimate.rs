//! The estimator: what expressions come to, what is said about wrong ones, and how a sheet behaves while it is edited.

mod errors;
mod expressions;
mod laws;
mod placement;
mod process;
mod properties;
mod sheet;
