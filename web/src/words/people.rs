//! Words of people, the first owner, invitations and accounts.

words! {
    setup_title: "Set up Farol", "Configurar o Farol";
    setup_hint: "You become the first owner. The one-time token was printed by the server when it started.", "Você será o primeiro proprietário. O token de uso único foi impresso pelo servidor ao iniciar.";
    token: "One-time token", "Token de uso único";
    password_hint: "At least 12 characters. A sentence is easiest to remember.", "Pelo menos 12 caracteres. Uma frase é mais fácil de lembrar.";
    setup_go: "Create the owner account", "Criar a conta do proprietário";
    invited_title: "Join Farol", "Entrar no Farol";
    invited_by: "{} invites you as {}.", "{} convida você como {}.";
    join: "Create the account", "Criar a conta";
    invite: "Invite somebody", "Convidar alguém";
    invite_go: "Make the invitation", "Criar o convite";
    link_once: "Give this link to {}. It is shown this once.", "Entregue este link a {}. Ele aparece só esta vez.";
    open_invitations: "Open invitations", "Convites abertos";
    withdraw: "Withdraw", "Retirar";
    ends: "Ends (UTC)", "Termina (UTC)";
    role: "Role", "Papel";
    since: "Since (UTC)", "Desde (UTC)";
    set_role: "Set role", "Definir papel";
    disable: "Close to logins", "Fechar para login";
    enable: "Open to logins", "Abrir para login";
    disabled: "closed to logins", "fechada para login";
    active: "open", "aberta";
    you: "you", "você";
    no_invitations: "No invitation is open.", "Nenhum convite aberto.";
    what_roles: "What the roles may do", "O que cada papel pode";
    settings: "Settings", "Ajustes";
    sessions: "Where you are logged in", "Onde você está conectado";
    browser: "Browser or program", "Navegador ou programa";
    last_seen: "Last seen (UTC)", "Visto por último (UTC)";
    this_one: "this one", "esta";
    revoke: "Log it out", "Desconectar";
    new_token: "A token for a program", "Um token para um programa";
    token_hint: "A program acts as you with it, within what it allows: farol run in a pipeline, for one. Approving stays with people. End it above at any time.", "Com ele um programa age em seu nome, dentro do que ele permite: o farol run de um pipeline, por exemplo. Aprovar fica com as pessoas. Encerre-o acima quando quiser.";
    token_name: "What it is for", "Para que serve";
    token_scope: "What it may do", "O que pode fazer";
    token_reads: "Read", "Ler";
    token_responds: "Read, and run incidents' steps", "Ler e executar passos de incidentes";
    token_days: "Days until it ends", "Dias até terminar";
    token_once: "Copy it now; it is never shown again.", "Copie agora; ele não aparece de novo.";
    make_token: "Make the token", "Criar o token";
    a_token: "token", "token";
    your_role: "Your role", "Seu papel";
    own_language: "Language of the interface", "Idioma da interface";
}
