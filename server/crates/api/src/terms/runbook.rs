//! What a runbook is made of, and what its commands can do.

use crate::graph::{CommandLanguage, NodeKind, Phase};
use crate::risk::RiskClass;
use crate::runbook::DiagnosticSeverity;
use crate::text::Locale;

use super::{Term, pick};

terms! {
    Phase {
        Detect: "Detection", "Detecção";
        Triage: "Triage", "Triagem";
        Diagnose: "Diagnosis", "Diagnóstico";
        Resolve: "Resolution", "Resolução";
        Verify: "Verification", "Verificação";
        Rollback: "Rollback", "Reversão";
        Escalate: "Escalation", "Escalonamento";
        Prevent: "Prevention", "Prevenção";
        Review: "Review", "Revisão";
    }
    NodeKind {
        Sql: "SQL", "SQL";
        Shell: "shell", "shell";
        Http: "HTTP", "HTTP";
        Manual: "by hand", "à mão";
        Check: "checklist", "checklist";
        Verify: "verify", "verificar";
        Decision: "decision", "decisão";
        Reference: "reference, not run", "referência, não executada";
        Prohibition: "never", "nunca";
        Escalation: "escalation", "escalonamento";
        Goto: "go to", "ir para";
    }
    CommandLanguage {
        Sql: "SQL", "SQL";
        Shell: "shell", "shell";
        Http: "HTTP", "HTTP";
        Other: "text", "texto";
    }
    RiskClass {
        Read: "reads", "lê";
        SideEffect: "reads, with a side effect", "lê, com efeito colateral";
        Write: "writes", "escreve";
        Schema: "changes the schema", "altera o esquema";
        Destructive: "destroys", "destrói";
        Administration: "administers", "administra";
        Unknown: "not understood", "não compreendido";
        Session: "refused: session control", "recusado: controle de sessão";
    }
    DiagnosticSeverity {
        Error: "Error", "Erro";
        Warning: "Warning", "Aviso";
        Info: "Note", "Nota";
    }
}
