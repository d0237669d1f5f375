//! The screens: a closed set. Each owns its state, actions, keys, update and view; none names another, they ask to go.

pub mod interview;
