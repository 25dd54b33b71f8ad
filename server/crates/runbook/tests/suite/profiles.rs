//! What a person's own shell begins with is put into a file, and not typed.

use crate::each::each;

const INTO: [&[&str]; 3] = [
    &[
        "Add to your $PROFILE",
        "Add this to your PowerShell profile",
        "Helper function (goes into your `$PROFILE`)",
        "Add to ~/.bashrc",
        "Add these to the end of your .zshrc",
        "Shell aliases (put into ~/.bashrc)",
        "In your `~/.bash_profile`",
    ],
    &[
        "Adicione ao seu $PROFILE",
        "Coloque no seu perfil do PowerShell",
        "Função útil (coloque no seu `$PROFILE`)",
        "Adicione ao ~/.bashrc",
        "No seu .bashrc",
        "Acrescente no final do ~/.bashrc",
        "Aliases úteis (colocar no ~/.bashrc)",
    ],
    &[
        "Agregue a su $PROFILE",
        "Ponga esto en su perfil de PowerShell",
        "Función útil (va en su `$PROFILE`)",
        "Agregar al ~/.bashrc",
        "En tu .bashrc",
        "Alias útiles (poner en ~/.bashrc)",
    ],
];

#[test]
fn what_goes_into_a_shell_s_profile_is_shown() {
    for code in [
        "powershell\nfunction Test-Shop {\n    Invoke-WebRequest $Url\n}",
        "bash\nrestart_shop() {\n  systemctl restart shop\n}",
        "bash\nalias k=kubectl\nexport EDITOR=vim",
    ] {
        each(INTO, 0, |title| format!("## {title}\n\n```{code}\n```\n"));
        each(INTO, 0, |title| format!("## Shell\n\n{title}:\n\n```{code}\n```\n"));
    }
}

#[test]
fn what_only_names_one_is_typed() {
    let typed: [&[&str]; 3] = [
        &[
            "Copy your `~/.bashrc`",
            "Reload your profile",
            "Add the user to the AWS profile",
            "Use this profile",
            "Add the alias to ~/.bashrc and run",
            "Look at the errors in .bashrc",
        ],
        &["Copie o seu `~/.bashrc`", "Recarregue o seu perfil", "Adicione o usuário ao perfil", "Veja o seu .bashrc"],
        &["Copie su `~/.bashrc`", "Recargue su perfil", "Agregue el usuario al perfil", "Vea su .bashrc"],
    ];
    each(typed, 1, |title| format!("## Shell\n\n{title}:\n\n```bash\nsystemctl restart shop\n```\n"));
    let into: [&[&str]; 3] = [&["Add to ~/.bashrc"], &["Adicione ao ~/.bashrc"], &["Agregar al ~/.bashrc"]];
    for line in ["echo 'alias k=kubectl' >> ~/.bashrc", "nano ~/.bashrc"] {
        each(into, 1, |title| format!("## Shell\n\n{title}:\n\n```bash\n{line}\n```\n"));
    }
}

#[test]
fn a_block_that_begins_with_the_name_of_such_a_file_is_its_source() {
    let source: &[&str] = &[
        "# ~/.bashrc\nexport EDITOR=vim",
        "# ~/.zshrc (or ~/.bashrc)\n[ -f ~/.secrets ] && source ~/.secrets",
        "# .bash_aliases\nalias k=kubectl",
        "# scripts/clean.sh (new)\nrm -rf /srv/shop/tmp",
    ];
    each([source, source, source], 0, |code| format!("## Shell\n\n```bash\n{code}\n```\n"));
    let typed: &[&str] = &[
        "# ~/.bashrc\nsource ~/.bashrc",
        "# the profile (again)\nsource ~/.profile",
        "# scripts/clean.sh (new)\n./scripts/clean.sh",
    ];
    each([typed, typed, typed], 1, |code| format!("## Shell\n\n```bash\n{code}\n```\n"));
}

#[test]
fn a_line_that_is_put_into_a_file_is_not_typed() {
    let told: [&[&str]; 3] = [
        &["Add `export EDITOR=vim` to `~/.bashrc`", "Put `source /etc/x.sh` into your `~/.profile`"],
        &["Adicionar `export EDITOR=vim` no `.bashrc`", "Adicione `source /etc/x.sh` ao `~/.profile`"],
        &["Agregar `export EDITOR=vim` en `.bashrc`", "Agregue `source /etc/x.sh` al `~/.profile`"],
    ];
    each(told, 0, |text| format!("1. {text}\n"));
    each(told, 0, |text| format!("| Problem | Action |\n|---|---|\n| It does not start | {text} |\n"));
    let typed: [&[&str]; 3] = [
        &["Run `export EDITOR=vim` in the shell", "Copy with `cp a b` to `web.conf`"],
        &["Execute `export EDITOR=vim` no terminal"],
        &["Ejecute `export EDITOR=vim` en la terminal"],
    ];
    each(typed, 1, |text| format!("1. {text}\n"));
}
