//! Between columns and types.
