//! A connection in between that is cut at one message.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Where a connection is cut, once: later ones pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The message never arrives.
    Before,
    /// The message arrives and is answered, and the answer never does.
    After,
}

/// A TCP proxy on loopback that cuts the first connection which carries some bytes.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    done: Arc<AtomicBool>,
}

impl Proxy {
    /// Starts one in front of a port of this machine.
    pub async fn start(to: u16, message: &'static [u8], cut: Cut) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let done = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&done);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, to, message, cut, Arc::clone(&shared)));
            }
        });
        Self { port, done }
    }

    /// Returns its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Tells whether it has cut a connection.
    pub fn has_cut(&self) -> bool {
        self.done.load(Ordering::SeqCst)
    }
}

/// Carries one connection until either side ends it, or the message comes. Both sides see it closed then.
async fn carry(mut client: TcpStream, to: u16, message: &[u8], cut: Cut, done: Arc<AtomicBool>) {
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", to)).await else { return };
    let (mut up, mut down) = (vec![0; 16 << 10], vec![0; 16 << 10]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Some(bytes) = read.ok().filter(|read| *read > 0).map(|read| &up[..read]) else { return };
                let is_it = bytes.windows(message.len()).any(|part| part == message);
                let cuts = is_it && !done.swap(true, Ordering::SeqCst);
                if cuts && cut == Cut::Before {
                    return;
                }
                if server.write_all(bytes).await.is_err() {
                    return;
                }
                if cuts {
                    // The answer has come, and goes no further.
                    let _ = server.read(&mut down).await;
                    return;
                }
            }
            read = server.read(&mut down) => {
                let Some(bytes) = read.ok().filter(|read| *read > 0).map(|read| &down[..read]) else { return };
                if client.write_all(bytes).await.is_err() {
                    return;
                }
            }
        }
    }
}
