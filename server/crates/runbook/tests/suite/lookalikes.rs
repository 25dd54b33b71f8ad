//! What begins like a command and is none by its shape, and prompts that seldom stand there; in three languages where words say it.

use crate::typed::typed;

fn block(label: &str, text: &str) -> String {
    format!("# X\n\nConferir:\n\n```{label}\n{text}\n```\n")
}

#[test]
fn what_a_program_lists_is_not_typed() {
    let listed = "NAME       STATUS   ROLES    AGE   VERSION\nminikube   Ready    worker   3h    v1.23";
    for (text, command) in [
        (format!("kubectl get nodes\n{listed}"), "kubectl get nodes"),
        (format!("kubectl get nodes\nOutput\n{listed}"), "kubectl get nodes"),
        ("ls /srv/volumes\norders-data".to_owned(), "ls /srv/volumes"),
        ("minikube start\nSalida:\nhelm is not there\nmake it first".to_owned(), "minikube start"),
    ] {
        assert_eq!(typed(&block("bash", &text)), [command], "{text}");
    }
    for text in [
        "CONTAINER ID     IMAGE          COMMAND\n4e99be64         shop-web       \"python -m http.server\"",
        "shop.example.org   /bin/sh -c /opt/start.sh   Up   0.0.0.0:389->389/tcp",
    ] {
        assert_eq!(typed(&block("bash", text)), [""; 0], "{text}");
    }
    assert_eq!(typed(&block("bash", "frob   --all   --deep")), ["frob   --all   --deep"]);
}

#[test]
fn words_of_other_languages_and_files_are_not_typed() {
    for text in [
        "belongs_to :order",
        "class OrdersController < Base\n  before_action :find_order, only: %i[show]\n  private\n  def find_order\n  end\nend",
        "alias eth0 tg3",
        "comando > arquivo   # guarda a saída",
        "h j k l     # anda\ndd          # apaga a linha\ngg          # vai ao início",
        "stdout  (1)  # saída padrão",
        "if [[ \"${{ github.ref }}\" != \"refs/heads/main\" ]]; then\n  exit 1\nfi",
        "copy BEGIN CERTIFICATE to END CERTIFICATE to loja.crt",
    ] {
        assert_eq!(typed(&block("bash", text)), [""; 0], "{text}");
    }
    for text in [
        "ip dhcp pool {name}\nip helper-address 10.0.0.1",
        "error=\"while adding a rule (Host(`x`))\" entryPoint=web",
        "/charts\n  /base\n  /overlays/{dev,prod}\nREADME.md",
        "deploy.sh\nsettings.xml",
        "shop.exe asks for pay.dll\n    ↓\n1. looks beside itself\n    ↓ not there\n2. looks in the PATH",
    ] {
        assert_eq!(typed(&block("", text)), [""; 0], "{text}");
    }
    assert_eq!(typed(&block("batch", "/QUIET        # says nothing\n/ACCEPT       # takes the license")), [""; 0]);
    assert_eq!(typed(&block("bash", "ip route add 10.0.0.0/8 via 10.0.0.1")), ["ip route add 10.0.0.0/8 via 10.0.0.1"]);
}

#[test]
fn how_a_statement_is_made_up_is_not_run() {
    for text in [
        "GRANT right ON owner.object TO [user | role | PUBLIC]\n[WITH GRANT OPTION];",
        "CREATE TABLESPACE name ADD DATAFILE 'file' [ENGINE [=] InnoDB];",
    ] {
        assert_eq!(typed(&block("sql", text)), [""; 0], "{text}");
    }
    for text in ["SELECT ARRAY['a' || 'b'];", "CREATE USER [loja] FOR LOGIN [loja];"] {
        assert_eq!(typed(&block("sql", text)), [text], "{text}");
    }
}

#[test]
fn what_an_editor_was_opened_for_is_in_its_file() {
    let text = "vi sentinel.conf\n..\nport 26380\nsentinel monitor shop 127.0.0.1 6379 2\n..\nredis-server sentinel.conf --sentinel";
    assert_eq!(typed(&block("bash", text)), ["vi sentinel.conf", "redis-server sentinel.conf --sentinel"]);
}

#[test]
fn prompts_that_seldom_stand_there_are_taken_off() {
    for (text, commands) in [
        ("➜  ~ cd /usr/share\n➜  ~ sudo cp key.pem /srv/", vec!["cd /usr/share", "sudo cp key.pem /srv/"]),
        ("➜  shop git:(main) ✗ git status", vec!["git status"]),
        ("may ➜  ~ sudo ip a\njune ➜ ip r", vec!["sudo ip a", "ip r"]),
        ("MySQL  localhost:3306 ssl  JS > util.dumpInstance(\"/srv\")", vec!["util.dumpInstance(\"/srv\")"]),
        (
            "1> CREATE LOGIN shop WITH PASSWORD='x';\n2> GO\n1> EXIT",
            vec!["CREATE LOGIN shop WITH PASSWORD='x';\nGO", "EXIT"],
        ),
        ("SQL> SHUTDOWN\nDatabase closed.\nSQL> startup\nORACLE instance started.", vec!["SHUTDOWN", "startup"]),
        ("SQL> show parameter audit\nNAME   TYPE   VALUE", vec!["show parameter audit"]),
        (
            "# cat > /etc/shop.repo << EOF\n[shop]\nenabled=1\nEOF\n\n# dnf makecache\nMetadata cache created.",
            vec!["cat > /etc/shop.repo << EOF\n[shop]\nenabled=1\nEOF", "dnf makecache"],
        ),
    ] {
        assert_eq!(typed(&block("shell", text)), commands, "{text}");
    }
    assert_eq!(typed(&block("bash", "lsof\n-i[@host]\t# busca pela rede")), ["lsof"]);
    let install = "Setup.exe /Q ^\n/FEATURES=SQL ^\n/SECURITYMODE=SQL";
    assert_eq!(typed(&block("batch", install)), [install]);
}
