//! Words for what a runbook says of its steps, beside the steps themselves.

words! {
    expected: "Expected", "Esperado";
    condition: "Condition", "Condição";
    branch: "Branch", "Ramo";
    verifies: "Verifies", "Verifica";
    verified_by: "Verified by", "Verificado por";
    undoes: "Undoes", "Desfaz";
    undone_by: "Undone by", "Desfeito por";
    needs: "Needs", "Precisa de";
    on_failure: "If it fails", "Se falhar";
    continues: "Continues at", "Continua em";
    sets: "Sets", "Define";
    set_for: "{}, for: {}", "{}, para: {}";
    opens: "Opens", "Abre";
    inside: "Typed inside", "Digitado dentro de";
    open_remote: "a shell on another host", "um shell em outro host";
    open_container: "a shell in a container", "um shell em um contêiner";
    open_database: "a database client", "um cliente de banco de dados";
    open_user: "a shell of another user", "um shell de outro usuário";
    open_console: "a console", "um console";
    sql_inside: "SQL inside", "SQL dentro";
    minutes: "After {} minutes", "Após {} minutos";
    never: "Must not be done", "Não deve ser feito";
    alerts: "Alerts", "Alertas";
    samples: "Sample values", "Valores de exemplo";
    samples_hint: "Nothing marks them in the text, and no other value can be put where they stand: the step runs with them as they are. Look whether they are meant.", "Nada os marca no texto, e nenhum outro valor pode ficar no lugar deles: o passo roda com eles como estão. Veja se são para valer.";
    unmarked: "not marked, looks like an example", "sem marca, parece exemplo";
    value: "Value", "Valor";
    kind: "Kind", "Tipo";
    example: "Example", "Exemplo";
    secret: "secret", "secreto";
    kind_text: "text", "texto";
    kind_host: "host", "host";
    kind_port: "port", "porta";
    kind_pid: "process id", "id de processo";
    kind_timestamp: "date or time", "data ou hora";
    kind_path: "path", "caminho";
    kind_name: "name", "nome";
    kind_number: "number", "número";
    kind_connection: "connection string", "string de conexão";
    kind_url: "URL", "URL";
}
