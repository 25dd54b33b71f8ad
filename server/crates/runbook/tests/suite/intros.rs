//! Introductions in three languages, so that each document is read in its own.

/// English, Portuguese, Spanish.
pub const INTROS: [&str; 3] = [
    "What to do when the queue of the shop is stuck and the disk is full.",
    "O que fazer quando a fila de pedidos da loja não anda e o disco enche.",
    "Qué hacer cuando la cola de los pedidos de la tienda no avanza y el disco se llena.",
];
