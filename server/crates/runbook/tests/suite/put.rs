//! What is put into a file, and how something is made up, by the words before a block; in three languages.

use crate::typed::typed;

fn under(words: &str, label: &str, text: &str) -> Vec<String> {
    typed(&format!("# X\n\n## Y\n\n{words}\n\n```{label}\n{text}\n```\n"))
}

#[test]
fn a_path_alone_names_the_file_of_which_the_block_is_the_content() {
    assert_eq!(under("`/etc/xinetd.d/ftp`", "bash", "service ftp\n{\n\tdisable = no\n}"), [""; 0]);
    assert_eq!(under("/boot/loader/shop.conf:", "bash", "root (hd0,0)\nkernel /boot/shop ro quiet"), [""; 0]);
    assert_eq!(under("`/etc/shop.conf`", "bash", "sudo nano /etc/shop.conf"), ["sudo nano /etc/shop.conf"]);
    assert_eq!(under("`/etc/shop/`", "bash", "ls -l"), ["ls -l"]);
}

#[test]
fn the_following_lines_of_a_file_are_not_typed() {
    let exports = "# the shop\nexport SHOP_HOME=/srv/shop\nexport SHOP_PORT=80";
    for words in [
        "Edit the file `.bash_profile` and add the following lines:",
        "Edite o arquivo `.bash_profile` e inclua as seguintes linhas:",
        "Editamos el fichero `.bash_profile` y añadimos la siguiente configuración:",
    ] {
        assert_eq!(under(words, "", exports), [""; 0], "{words}");
        assert_eq!(under(words, "", "nano .bash_profile"), ["nano .bash_profile"], "{words}");
    }
    for words in [
        "In shop.conf, set the following parameters if you keep copies:",
        "No arquivo shop.conf, ajuste os seguintes parâmetros caso guarde cópias:",
        "En shop.conf, ajuste los siguientes parámetros si guarda copias:",
    ] {
        assert_eq!(under(words, "", "dir ./\ndbfilename copy.rdb\nsave 60 1000"), [""; 0], "{words}");
    }
    let words = "Restart the shop after the change of shop.conf:";
    assert_eq!(under(words, "", "systemctl restart shop"), ["systemctl restart shop"]);
}

#[test]
fn what_a_program_makes_by_itself_and_a_script_to_write_are_not_typed() {
    for words in [
        "Created automatically by `shop-sessions`:",
        "Criada automaticamente pelo `shop-sessions`:",
        "Creada automáticamente por `shop-sessions`:",
    ] {
        assert_eq!(under(words, "sql", "CREATE TABLE sessions (id int);"), [""; 0], "{words}");
    }
    assert_eq!(under("Create it by hand:", "sql", "CREATE TABLE s (id int);"), ["CREATE TABLE s (id int);"]);
    for words in [
        "First of all, create the script that lets us run the shop:",
        "Antes de tudo, vamos criar o script que permite executar a loja:",
        "Antes de nada, vamos a crear el script que nos permita ejecutar la tienda:",
    ] {
        let script = "#!/bin/sh\n\nsed -i 's/a/b/' /etc/shop.conf\nshopctl -D FOREGROUND";
        assert_eq!(under(words, "", script), [""; 0], "{words}");
    }
}

#[test]
fn how_a_command_is_made_up_is_not_typed() {
    for words in
        ["The syntax of this command is as follows:", "A sintaxe deste comando é a seguinte:", "La sintaxis es esta:"]
    {
        assert_eq!(under(words, "shell", "$ useradd [-c comment] [-d home] login"), [""; 0], "{words}");
    }
    assert_eq!(under("Check the syntax of the file:", "bash", "nginx -t"), ["nginx -t"]);
}

#[test]
fn lines_before_and_after_a_change_are_not_typed() {
    for (before, after) in [
        ("## Before (❌ wrong)", "## After (✅ right)"),
        ("**Antes (❌ Erro)**", "**Depois (✅ Certo)**"),
        ("### ❌ Antes", "### ✅ Después"),
    ] {
        let one = "echo \"KEY=$(get key)\" >> $GITHUB_ENV";
        let other = "add_secret \"KEY\" \"key\"";
        let doc = format!("# X\n\n{before}\n\n```bash\n{one}\n```\n\n{after}\n\n```bash\n{other}\n```\n");
        assert_eq!(typed(&doc), [""; 0], "{before}");
    }
    let doc = "# X\n\n## Before the change\n\n```bash\nshopctl stop\n```\n\n## After the change\n\n```bash\nshopctl start\n```\n";
    assert_eq!(typed(doc), ["shopctl stop", "shopctl start"]);
}

#[test]
fn what_is_done_once_a_file_is_named_is_typed() {
    let text = "## Service\n\n`/etc/systemd/system/shop.service`\n\n```bash\nsystemctl daemon-reload\nsystemctl restart shop\n```\n";
    assert_eq!(typed(text), ["systemctl daemon-reload", "systemctl restart shop"]);
}
