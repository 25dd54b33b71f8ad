//! Commands that were hidden by words that forbid nothing, by labels that lie, and by marks of the shell.

use crate::typed::typed;

#[test]
fn what_is_never_kept_in_the_repository_forbids_no_block() {
    for text in [
        "# X\n\n1. **On the server (SSH)** — a folder on the server alone, never in the repository:\n\n   ```bash\n   sudo mkdir -p /srv/shop/secrets\n   ```\n",
        "# X\n\n1. **Na VPS (SSH)** — pasta só no servidor, nunca no repositório:\n\n   ```bash\n   sudo mkdir -p /srv/shop/secrets\n   ```\n",
        "# X\n\n1. **En la VPS (SSH)** — carpeta solo en el servidor, nunca en el repositorio:\n\n   ```bash\n   sudo mkdir -p /srv/shop/secrets\n   ```\n",
    ] {
        assert_eq!(typed(text), ["sudo mkdir -p /srv/shop/secrets"], "{text}");
    }
    for text in [
        "# X\n\nA folder on the server, never in production:\n\n```bash\nrm -rf /srv/shop\n```\n",
        "# X\n\nPasta só do servidor, nunca em produção:\n\n```bash\nrm -rf /srv/shop\n```\n",
        "# X\n\nCarpeta del servidor, nunca en producción:\n\n```bash\nrm -rf /srv/shop\n```\n",
    ] {
        assert!(typed(text).is_empty(), "{text}");
    }
}

#[test]
fn a_console_that_its_source_opens_is_typed_at() {
    for text in [
        "# X\n\n3. Run the filling by hand:\n\n```python\npython manage.py shell\n\nfrom shop.models import Order\nOrder.objects.filter(code='').update(code='0')\n\nexit()\n```\n",
        "# X\n\n3. Execute o preenchimento à mão:\n\n```python\npython manage.py shell\n\nfrom shop.models import Order\nOrder.objects.filter(code='').update(code='0')\n\nexit()\n```\n",
        "# X\n\n3. Ejecute el relleno a mano:\n\n```python\npython manage.py shell\n\nfrom shop.models import Order\nOrder.objects.filter(code='').update(code='0')\n\nexit()\n```\n",
    ] {
        let lines = [
            "python manage.py shell",
            "from shop.models import Order",
            "Order.objects.filter(code='').update(code='0')",
            "exit()",
        ];
        assert_eq!(typed(text), lines, "{text}");
    }
    let source =
        "# X\n\n```python\nfrom shop.models import Order\n\ndef fill():\n    Order.objects.update(code='0')\n```\n";
    assert!(typed(source).is_empty());
    let php = "# X\n\n```php\nphp artisan tinker\n$order = Order::find(7);\necho $order->code;\n```\n";
    assert_eq!(typed(php), ["php artisan tinker", "$order = Order::find(7);", "echo $order->code;"]);
}

#[test]
fn an_emptied_file_and_a_group_of_commands_are_typed() {
    for words in ["Build the bundle:", "Monte o pacote:", "Arme el paquete:"] {
        let text = format!(
            "# X\n\n{words}\n\n```bash\n: > ats.pem\ncurl -sS https://roots.acme.io/ca.pem >> ats.pem\n{{ cat rds.pem; echo; cat ats.pem; }} > all.pem\n```\n"
        );
        let lines = [
            ": > ats.pem",
            "curl -sS https://roots.acme.io/ca.pem >> ats.pem",
            "{ cat rds.pem; echo; cat ats.pem; } > all.pem",
        ];
        assert_eq!(typed(&text), lines, "{text}");
    }
    // Lines of a template and of settings in braces are none.
    let braces = "# X\n\n```bash\n{ \"a\": 1 }\n```\n";
    assert!(typed(braces).is_empty());
}

#[test]
fn a_program_that_looks_by_itself_is_typed_where_a_sentence_orders_it() {
    for text in [
        "# X\n\n## Disks\n\n- Identify the disks with `lsblk` and `blkid`.\n\nCheck the memory with `free` first.\n",
        "# X\n\n## Discos\n\n- Identifique os discos com `lsblk` e `blkid`.\n\nConfira a memória com `free` antes.\n",
        "# X\n\n## Discos\n\n- Identifique los discos con `lsblk` y `blkid`.\n\nRevise la memoria con `free` antes.\n",
    ] {
        assert_eq!(typed(text), ["lsblk", "blkid", "free"], "{text}");
    }
    for text in [
        "# X\n\n## Processes\n\n- Manage them with `pm2`.\n- The agent looks at the disks with `lsblk`.\n",
        "# X\n\n## Processos\n\n- Gerencie com `pm2`.\n- O agente olha os discos com `lsblk`.\n",
        "# X\n\n## Procesos\n\n- Administre con `pm2`.\n- El agente mira los discos con `lsblk`.\n",
    ] {
        assert!(typed(text).is_empty(), "{text}");
    }
}
