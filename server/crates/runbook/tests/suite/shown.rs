//! Blocks that only look as if somebody typed them: what is in them is shown, and what stands beside it runs.

use crate::typed::typed;
use farol_api::graph::NodeKind;
use farol_runbook::parse;

/// The commands of one block under a heading, that are not only shown.
fn typed_in(label: &str, text: &str) -> Vec<String> {
    typed(&format!("# Passos\n\n## Estado\n\n```{label}\n{text}\n```\n\nUsado: $PORTA.\n"))
}

#[test]
fn what_only_looks_typed_is_shown() {
    for (label, text) in [
        // Settings, of which one is used elsewhere.
        ("", "URL_DO_BANCO=<gerada pela nuvem>\nPORTA=<dada>\nAMBIENTE=produção\nCHAVE=<openssl rand -hex 8>"),
        ("bash", "LIMITE=4\nPORTA=8080\nMODO=lento\nREGIAO=sul"),
        ("", "CHAVE=123\nENDERECO=10.1.2.3 (o seu agora)"),
        // Who may connect, without the way.
        ("", "host    loja    leitura    10.0.0.0/8"),
        // Paths.
        ("", "/usr/bin/achado\n/usr/bin/perdido\n/opt/loja/bin/loja"),
        ("", "/etc/loja/ambiente              # variáveis\n/etc/loja/senhas.txt            # senhas"),
        ("", "C:\\Usuarios\\<nome>\\\n├─ AppData"),
        ("", "C:\\Users\\<user>\\AppData\\Local\\"),
        ("", "/raiz-do-projeto\n├── src\n└── docs"),
        ("", "/api/v1/...\n/api/v2/..."),
        ("", "/graphql"),
        // Source.
        ("python", "with loja.contexto():\n    from loja.rotas import rotas\n    loja.registrar(rotas)"),
        ("python", "if diferenca <= 0.10:  # fixo\n    aceitar()"),
        ("", "for pedido in fila.pedidos():\n    if pedido.velho:\n        pedido.apagar()"),
        ("bat", "@echo off\ncd /d \"%~dp0\\..\"\ncall subir.bat"),
        // What something printed.
        ("bash", "topico-pedidos ✓\ntopico-pagamentos ✓\ntopico-avisos ❌"),
        ("bash", "servicos.msc → Banco"),
        ("bash", "ssh-rsa AAAAB3NzaC1yc2 plantao@loja"),
        // Words about commands, and forms to fill in.
        ("bash", "import raiz.pem to \"Certificates/Trusted\""),
        ("bash", "loja.crt (Certificado)\nloja.key (Chave)"),
        ("bash", "ssh -i _____________ plantao___@_____________"),
    ] {
        assert_eq!(typed_in(label, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_stands_beside_it_runs() {
    for (label, text, commands) in [
        (
            "bash",
            "PORTA=8080\ncurl -s http://localhost:$PORTA/saude",
            &["PORTA=8080", "curl -s http://localhost:$PORTA/saude"][..],
        ),
        ("bash", "PORTA=$(sorteia)", &["PORTA=$(sorteia)"]),
        ("", "/opt/loja/bin/loja --parar", &["/opt/loja/bin/loja --parar"]),
        ("", "C:\\loja> dir", &["dir"]),
        ("bash", "for f in a b; do\n  echo $f\ndone", &["for f in a b; do\n  echo $f\ndone"]),
        ("sql", "with x as (select 1) select * from x;", &["with x as (select 1) select * from x;"]),
        ("bash", "echo \"a → b\"", &["echo \"a → b\""]),
        (
            "bash",
            "sudo nano /etc/nginx/sites-available/loja\n\n# Colar:\nserver {\n    listen 80;\n    location / {\n        root /var/www/loja;\n        try_files $uri /index.html;\n    }\n}\n\nsudo systemctl reload nginx",
            &["sudo nano /etc/nginx/sites-available/loja", "sudo systemctl reload nginx"],
        ),
        ("bash", "parar() {\n  systemctl stop loja\n}\nparar", &["parar() {\n  systemctl stop loja\n}\nparar"]),
        (
            "bash",
            "python manage.py shell\nfrom loja import Pedido\nPedido.objects.count()\n\n# Fora dele\nsudo lsof -i -P\ndocker compose exec web env | grep URL",
            &[
                "python manage.py shell",
                "from loja import Pedido",
                "Pedido.objects.count()",
                "sudo lsof -i -P",
                "docker compose exec web env | grep URL",
            ],
        ),
        ("bash", "kubectl get topics\ntopico-pedidos ✓", &["kubectl get topics"]),
        ("bash", "openssl x509 -in loja.crt -text\ncopy the text to loja.crt", &["openssl x509 -in loja.crt -text"]),
        ("", "~ knife vault show loja\n_default\nsenha:  x", &["knife vault show loja"]),
        ("console", "> load('pedidos.js')\n> db.pedidos.count()", &["load('pedidos.js')", "db.pedidos.count()"]),
    ] {
        assert_eq!(typed_in(label, text), commands, "{text}");
    }
}

#[test]
fn what_follows_a_console_is_a_shell_again() {
    let text = "# Passos\n\n```bash\npython manage.py shell\nPedido.objects.count()\n\nsudo lsof -i -P\n```\n";
    let kinds: Vec<NodeKind> = parse(text, None).graph.nodes.iter().map(|node| node.kind).collect();
    assert_eq!(kinds, [NodeKind::Manual, NodeKind::Manual, NodeKind::Shell]);
}

#[test]
fn what_is_added_to_a_file_is_shown() {
    let typed = |text: &str| {
        let nodes = parse(text, None).graph.nodes.into_iter().filter(|node| node.kind != NodeKind::Reference);
        nodes.filter_map(|node| node.command.map(|command| command.text)).collect::<Vec<_>>()
    };
    for text in [
        "# X\n\n**Linux** - Adicione ao `~/.bashrc` ou `~/.zshrc`:\n\n```bash\nalias loja='ssh loja'\n```\n",
        "# X\n\nSi la conexión cae, agregue a `~/.profile`:\n\n```bash\nexport LOJA=1\nalias loja='ssh loja'\n```\n",
        "# X\n\nAdd to your `~/.bash_profile`:\n\n```bash\nexport PATH=$PATH:/opt/shop/bin\n```\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
    for text in [
        "# X\n\nAdicione ao `~/.bashrc`:\n\n```bash\necho 'alias l=ls' >> ~/.bashrc\n```\n",
        "# X\n\nAdd the key to the agent, as `~/.ssh/config` says:\n\n```bash\nssh-add ~/.ssh/key\n```\n",
    ] {
        assert_eq!(typed(text).len(), 1, "{text}");
    }
}

#[test]
fn what_a_platform_is_told_to_build_is_no_step() {
    let text = "# X\n\n## Projetos\n\n| Projeto | Build command | Output directory |\n|---|---|---|\n| loja | `npm run build --workspace=loja` | `dist` |\n";
    let nodes = parse(text, None).graph.nodes;
    assert!(nodes.iter().all(|node| node.command.is_none()), "{nodes:?}");
}

#[test]
fn what_follows_a_console_in_the_next_block_is_typed_there() {
    for text in [
        "# X\n\n## Verificar\n\n```bash\n# No terminal\npython\n```\n\n```python\nfrom loja import base\n\n# Há tabela?\ntry:\n    base.tabelas()\nexcept Erro as e:\n    print(e)\n```\n",
        "# X\n\n## Verificar\n\nAbra o console:\n\n```sh\nrails console\n```\n\nDepois:\n\n```ruby\nPedido.count\n```\n",
    ] {
        let runbook = parse(text, None);
        let typed: Vec<_> =
            runbook.graph.nodes.iter().filter(|n| n.kind == NodeKind::Manual && n.command.is_some()).collect();
        assert!(typed.len() > 1, "{typed:?}");
        assert!(typed.iter().all(|n| !n.command.as_ref().unwrap().text.starts_with("except")), "{typed:?}");
    }
    let apart = "# X\n\n```sh\npython\nexit()\n```\n\n```python\nfrom loja import base\n```\n";
    assert!(
        parse(apart, None)
            .graph
            .nodes
            .iter()
            .all(|n| n.command.as_ref().is_none_or(|c| !c.text.contains("import")) || n.kind == NodeKind::Reference)
    );
}

#[test]
fn what_python_fills_in_itself_is_not_asked_for() {
    let text = "# X\n\n## Verificar\n\n```bash\npython\n```\n\n```python\nprint(f\"{nome}: {tipo}\")\nabrir('{arquivo}')\n```\n";
    let asked: Vec<String> = parse(text, None).parameters.into_iter().map(|p| p.token).collect();
    assert_eq!(asked, ["{arquivo}"]);
}

#[test]
fn what_a_bracket_or_the_first_comment_forbids_is_not_run() {
    for text in [
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n- Exemplo (só documentar; não executar):\n\n  ```sh\n  git push --force\n  ```\n",
        "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\nEjemplo (no ejecutar):\n\n```sh\ngit push --force\n```\n",
        "# X\n\nThe old way (do not run it):\n\n```sh\ngit push --force\n```\n",
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n```sh\n# SÓ PARA REFERÊNCIA - NÃO USE EM PRODUÇÃO\n\ngit reset --hard\n\ngit push --force\n```\n",
        "# X\n\n```sh\n# Never run this\n\ngit reset --hard\n\ngit push --force\n```\n",
        "# X\n\n- O serviço nunca foi iniciado com `docker compose up -d`\n- The service was never started with `docker compose up -d`\n",
        "# X\n\n| Campo | Regra |\n|---|---|\n| prazo | `start <= end` |\n",
    ] {
        let shown = |kind: NodeKind| matches!(kind, NodeKind::Prohibition | NodeKind::Reference);
        let nodes =
            parse(text, None).graph.nodes.into_iter().filter(|node| node.command.is_some() && !shown(node.kind));
        assert_eq!(nodes.map(|node| node.title).collect::<Vec<_>>(), Vec::<String>::new(), "{text}");
    }
    for (text, count) in [
        ("# X\n\nRestart it (never twice in a row) as follows:\n\n```sh\nsystemctl restart shop\n```\n", 1),
        ("# X\n\n```sh\n# Never run this\ngit push --force\n\n# Look\ngit status\n```\n", 1),
        ("# X\n\n- The image was built, so run `docker compose up -d`\n", 1),
    ] {
        let nodes = parse(text, None).graph.nodes.into_iter().filter(|node| node.kind == NodeKind::Shell);
        assert_eq!(nodes.count(), count, "{text}");
    }
}

/// A fence that is labelled as another language and holds nothing but commands lies, however plain the commands are.
#[test]
fn plain_commands_under_another_label_run_and_the_label_is_told() {
    let read = |label: &str, text: &str| {
        let runbook = parse(&format!("# X\n\n```{label}\n{text}\n```\n"), None);
        let told = runbook.diagnostics.into_iter().find(|found| found.code == "fence-label-mismatch");
        (typed(&format!("# X\n\n```{label}\n{text}\n```\n")), told.map(|found| found.message))
    };
    for label in ["python", "sql", "yaml", "json", "go"] {
        for text in ["kubectl get pods", "docker ps", "systemctl restart loja", "service loja restart", "git pull"] {
            let (commands, told) = read(label, text);
            assert_eq!(commands, [text], "{label}");
            let told = told.expect("the label lies");
            assert!(told.en.contains(label) && told.en.contains("shell commands"), "{}", told.en);
            assert!(told.pt.contains(label) && told.pt.contains("comandos de shell"), "{}", told.pt);
        }
        assert_eq!(read(label, "# estado\nkubectl get pods\ndocker ps").0.len(), 2, "{label}");
    }
    for (label, text) in [
        ("yaml", "kubectl get pods: lista\ndocker ps: idem"),
        ("yaml", "run: docker ps"),
        ("yaml", "steps:\n  docker ps"),
        ("json", "docker ps\n{\"a\": 1}"),
        ("python", "docker ps\nprint(1)"),
        ("python", "import os"),
        ("python", "docker logs"),
        ("go", "service loja"),
        ("ruby", "# Gemfile\ngem \"listen\", \"~> 3.8\""),
        ("ruby", "gem 'componentes', path: '../componentes'"),
        ("log", "docker ps"),
        ("output", "kubectl get pods"),
        ("yaml", "git the new version of it"),
    ] {
        assert_eq!(read(label, text).0, Vec::<String>::new(), "{label}: {text}");
    }
    // What is shown stays so, whatever it holds.
    let shown = "# X\n\nSaída esperada:\n\n```yaml\nkubectl get pods\n```\n";
    assert_eq!(typed(shown), Vec::<String>::new());
}

/// A request is one thing: no line of its body is typed at a shell, whatever the fence is called.
#[test]
fn no_line_of_a_request_runs() {
    let bodies = ["kubectl get pods -n shop\nrm -rf /srv/shop", "select * from orders;", "{\n  \"a\": 1\n}", "a=1&b=2"];
    for label in ["http", "", "bash", "sh", "sql", "console", "rest", "text"] {
        for head in
            ["POST /orders HTTP/1.1\nHost: shop.example", "# Create\nPUT /orders/7 HTTP/2\nA: b", "HTTP/1.1 200 OK"]
        {
            for body in bodies {
                assert_eq!(
                    typed_in(label, &format!("{head}\n\n{body}")),
                    Vec::<String>::new(),
                    "{label}: {head} {body}"
                );
            }
        }
    }
    let sent = "curl -X POST http://shop.example/orders -d '{\"a\": 1}'";
    assert_eq!(typed_in("bash", sent), [sent]);
}
