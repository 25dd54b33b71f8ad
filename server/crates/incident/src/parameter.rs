//! Parameters as the variables of a script.

/// The variables of parameters are called this and the parameter's name.
pub const PARAMETER_PREFIX: &str = "FAROL_P_";

/// Compares names as they are after they became variables, where dashes and case may be lost.
pub fn same_parameter(parameter: &str, name: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    parameter == name || letters(parameter) == letters(name)
}

/// Tells whether a variable of a script holds a parameter.
pub fn is_variable_of(parameter: &str, variable: &str) -> bool {
    same_parameter(parameter, variable.strip_prefix(PARAMETER_PREFIX).unwrap_or(variable))
}
