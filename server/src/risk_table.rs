//! A team's table of commands, from the file that the setting `risk_table` names.

use std::path::Path;

use anyhow::Context;
use farol_risk::Table;

/// Reads the shipped table of commands with a team's lines, or the shipped one alone where no file is named.
///
/// # Errors
/// Names the file, and the line of it that is not understood.
pub fn load(file: Option<&Path>) -> anyhow::Result<Table> {
    let Some(file) = file else { return Ok(Table::shipped().clone()) };
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("the risk table {name} cannot be read"))?;
    Table::extended(&text).map_err(|error| anyhow::anyhow!("the risk table {name}:{}: {}", error.line, error.fault))
}
