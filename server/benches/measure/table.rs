//! The table that a run prints: least, middle and most of each measure, and of its ratio to what it stands beside.

use std::fmt;

/// What was measured, one value a turn.
#[derive(Clone, Debug)]
pub struct Series {
    name: String,
    unit: &'static str,
    values: Vec<f64>,
}

impl Series {
    /// Begins an empty one.
    pub fn new(name: impl Into<String>, unit: &'static str) -> Self {
        Self { name: name.into(), unit, values: Vec::new() }
    }

    /// Adds the value of one turn.
    pub fn push(&mut self, value: f64) {
        self.values.push(value);
    }

    /// Adds a duration in milliseconds.
    pub fn push_ms(&mut self, duration: std::time::Duration) {
        self.push(duration.as_secs_f64() * 1000.0);
    }

    /// Adds another series' value of the same turn to each value: the cost of one thing and then the other.
    pub fn plus(&self, other: &Self, times: f64, name: impl Into<String>) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(a, b)| a + times * b).collect();
        Self { name: name.into(), unit: self.unit, values }
    }
}

/// All rows, printed as a Markdown table.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
}

#[derive(Debug)]
enum Row {
    Value { name: String, unit: &'static str, spread: Spread },
    Ratio { to: String, spread: Spread },
}

impl Table {
    /// Adds a measure and its ratios, turn by turn, to others.
    pub fn add(&mut self, series: &Series, beside: &[&Series]) {
        let spread = Spread::of(series.values.clone());
        self.rows.push(Row::Value { name: series.name.clone(), unit: series.unit, spread });
        for other in beside {
            let ratios = series.values.iter().zip(&other.values).map(|(this, that)| this / that).collect();
            self.rows.push(Row::Ratio { to: other.name.clone(), spread: Spread::of(ratios) });
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {:<58} | {:<8} | {:>9} | {:>9} | {:>9} |", "work", "unit", "min", "median", "max")?;
        writeln!(f, "|{:-<60}|{:-<10}|{:->10}:|{:->10}:|{:->10}:|", "", "", "", "", "")?;
        for row in &self.rows {
            let (name, unit, spread) = match row {
                Row::Value { name, unit, spread } => (name.clone(), *unit, spread),
                Row::Ratio { to, spread } => (format!("… ÷ {to}"), "ratio", spread),
            };
            let Spread { min, median, max } = *spread;
            let [min, median, max] = [min, median, max].map(figure);
            writeln!(f, "| {name:<58} | {unit:<8} | {min:>9} | {median:>9} | {max:>9} |")?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
struct Spread {
    min: f64,
    median: f64,
    max: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        Self { min: at(0), median: at(values.len() / 2), max: at(values.len().saturating_sub(1)) }
    }
}

/// Three significant figures are what such a run is good for.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
