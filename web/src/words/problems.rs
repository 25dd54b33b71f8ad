//! Words of what went wrong outside the API, which words its own problems.

words! {
    unreachable_title: "The server did not answer", "O servidor não respondeu";
    unreachable_detail: "Nothing was lost: what you typed is still here. Check the connection and send it again; sending twice does it once.", "Nada se perdeu: o que você digitou continua aqui. Verifique a conexão e envie de novo; enviar duas vezes vale uma.";
    not_found_title: "There is no such page", "Esta página não existe";
    not_found_detail: "The address may be mistyped, or what it named is gone.", "O endereço pode ter um erro, ou o que ele indicava não existe mais.";
    to_home: "Go to the home page", "Ir para o início";
    error_title: "That did not work", "Isso não funcionou";
    request: "Request", "Pedido";
    kept: "What you typed is kept below.", "O que você digitou está mantido abaixo.";
}
