//! Words of targets.

words! {
    new: "Register a target", "Registrar um alvo";
    empty: "No target is registered.", "Nenhum alvo registrado.";
    empty_hint: "A target is where steps run, for example “shop-prod”: a database, a shell, or both, with one credential for each role.", "Um alvo é onde os passos rodam, por exemplo “shop-prod”: um banco, um shell ou ambos, com uma credencial por papel.";
    id: "Name", "Nome";
    id_hint: "As runbooks write it: lower case, digits and dashes, for example shop-prod.", "Como os runbooks escrevem: minúsculas, dígitos e hifens, por exemplo shop-prod.";
    description: "What it is", "O que é";
    environment: "Environment", "Ambiente";
    environment_hint: "On a sandbox nobody else has to approve.", "Em um sandbox ninguém mais precisa aprovar.";
    database: "Database", "Banco de dados";
    no_database: "none: SQL steps cannot run", "nenhum: passos SQL não rodam";
    credentials: "Credentials", "Credenciais";
    credentials_hint: "Connection URLs, encrypted at rest and never shown again. Left empty, a role keeps what it has. Without a role, steps that need it cannot run.", "URLs de conexão, cifradas em repouso e nunca mostradas de novo. Vazio mantém o que há. Sem o papel, passos que precisam dele não rodam.";
    has: "registered", "registrada";
    has_not: "not registered", "não registrada";
    example_url: "For example postgres://user:password@host/database or sqlite:///path/file.db", "Por exemplo postgres://usuario:senha@host/banco ou sqlite:///caminho/arquivo.db";
    shell: "Shell", "Shell";
    has_shell: "Shell steps may run here", "Passos de shell podem rodar aqui";
    path: "Folders searched for commands", "Pastas onde buscar comandos";
    env: "Variables", "Variáveis";
    env_hint: "NAME=value, one a line. Not for secrets: everybody who sees the target sees them.", "NOME=valor, uma por linha. Não para segredos: todos que veem o alvo as veem.";
    shell_hint: "Give at least the folders; an empty field means that shell steps do not run here.", "Informe ao menos as pastas; vazio significa que passos de shell não rodam aqui.";
    least: "Least confinement of scripts", "Confinamento mínimo dos scripts";
    least_hint: "Where the server gives less, steps do not run. Testing the connection says what it gives.", "Onde o servidor oferece menos, os passos não rodam. Testar a conexão diz o que ele oferece.";
    level_process: "process: ended with all it starts, sees nothing of Farol's memory", "processo: termina com tudo o que inicia, não vê a memória do Farol";
    level_files: "files: kept out of Farol's files; a step that reads writes only in its own folder", "arquivos: sem acesso aos arquivos do Farol; um passo de leitura só escreve na própria pasta";
    level_processes: "processes: sees and signals no processes but its own", "processos: não vê nem sinaliza processos além dos seus";
    level_resources: "resources: bounds on memory and on the number of processes", "recursos: limites de memória e de número de processos";
    no_network: "Scripts get no network, not even this machine's", "Scripts ficam sem rede, nem a desta máquina";
    no_namespaces: "Scripts stay among the machine's processes (for programs that check who owns files, as ssh does)", "Scripts ficam entre os processos da máquina (para programas que verificam o dono dos arquivos, como o ssh)";
    confined: "This server confines scripts up to: {}.", "Este servidor confina scripts até: {}.";
    lacks: "It lacks {}.", "Faltam: {}.";
    timeout: "Longest a step may run, in seconds", "Tempo máximo de um passo, em segundos";
    settings: "Settings", "Ajustes";
    save: "Save", "Salvar";
    check: "Test the connection", "Testar a conexão";
    check_ok: "answered", "respondeu";
    check_none: "No credential is registered, so there is nothing to test.", "Nenhuma credencial registrada: não há o que testar.";
    remove: "Remove this target", "Remover este alvo";
    remove_hint: "Runbooks that name it can then not run their steps there.", "Runbooks que o citam não poderão mais rodar passos nele.";
    version: "version {}", "versão {}";
    read_only_page: "Only admins and owners change targets.", "Somente administradores e proprietários alteram alvos.";
    where_runs: "Runs", "Roda";
}
