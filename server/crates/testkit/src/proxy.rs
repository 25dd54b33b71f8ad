//! A connection in between that fails at one message.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How a way to a server fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The message never arrives: its connection is closed. Later ones pass.
    Before,
    /// The message arrives and is answered, and the answer never comes: its connection is closed. Later ones pass.
    After,
    /// The message never arrives, and from then on nothing does, on no connection, which all stay open; until the proxy is mended.
    SilentBefore,
    /// The message arrives, and from then on nothing does, as before.
    SilentAfter,
    /// The message arrives and is answered; what the server says later on that connection never comes. Each connection that
    /// carries it.
    Deaf,
}

/// What became of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    Silent,
    /// It has failed, and does not again.
    Over,
}

/// A TCP proxy on loopback whose way to a server fails once some bytes are carried.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    state: watch::Sender<State>,
    deaf: watch::Sender<u64>,
}

/// What the connections of a proxy share.
struct Way {
    to: u16,
    message: &'static [u8],
    cut: Cut,
    state: watch::Sender<State>,
    deaf: watch::Sender<u64>,
}

impl Proxy {
    /// Starts one in front of a port of this machine.
    pub async fn start(to: u16, message: &'static [u8], cut: Cut) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (state, deaf) = (watch::Sender::new(State::Whole), watch::Sender::new(0));
        let way = Arc::new(Way { to, message, cut, state: state.clone(), deaf: deaf.clone() });
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let way = Arc::clone(&way);
                tokio::spawn(async move { way.carry(client).await });
            }
        });
        Self { port, state, deaf }
    }

    /// Returns its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns a URL with its port in place of the server's.
    pub fn through(&self, url: &str, server: u16) -> String {
        let through = url.replace(&format!(":{server}/"), &format!(":{}/", self.port));
        assert_ne!(through, url, "a URL with the server's port");
        through
    }

    /// Tells whether its way has failed.
    pub fn has_cut(&self) -> bool {
        *self.state.borrow() != State::Whole
    }

    /// Waits until its way has failed.
    pub async fn until_cut(&self) {
        let _ = self.state.subscribe().wait_for(|state| *state != State::Whole).await;
    }

    /// Says nothing from now on, as [`Cut::SilentBefore`] does once the message came.
    pub fn hush(&self) {
        self.state.send_replace(State::Silent);
    }

    /// Lets everything pass from now on. Connections that were silent are closed: they have lost bytes.
    pub fn mend(&self) {
        self.state.send_replace(State::Over);
    }

    /// Waits until so many connections have become deaf.
    pub async fn until_deaf(&self, many: u64) {
        let _ = self.deaf.subscribe().wait_for(|deaf| *deaf >= many).await;
    }
}

impl Way {
    fn is_silent(&self) -> bool {
        *self.state.borrow() == State::Silent
    }

    /// Carries one connection until either side ends it, or it fails. Both sides see it closed then.
    async fn carry(&self, mut client: TcpStream) {
        if self.is_silent() {
            return self.hush(client, None).await;
        }
        let Ok(mut server) = TcpStream::connect(("127.0.0.1", self.to)).await else { return };
        let mut state = self.state.subscribe();
        let (mut up, mut down) = (vec![0; 16 << 10], vec![0; 16 << 10]);
        loop {
            tokio::select! {
                () = until_silent(&mut state) => return self.hush(client, Some(server)).await,
                read = client.read(&mut up) => {
                    let Some(bytes) = read.ok().filter(|read| *read > 0).map(|read| &up[..read]) else { return };
                    let cuts = self.is_it(bytes);
                    if cuts && self.cut == Cut::Before {
                        return;
                    }
                    if cuts && self.cut == Cut::SilentBefore {
                        return self.hush(client, Some(server)).await;
                    }
                    if server.write_all(bytes).await.is_err() {
                        return;
                    }
                    match self.cut {
                        // The answer has come, and goes no further.
                        Cut::After if cuts => {
                            let _ = server.read(&mut down).await;
                            return;
                        }
                        Cut::SilentAfter if cuts => return self.hush(client, Some(server)).await,
                        Cut::Deaf if cuts => return self.deafen(client, server).await,
                        _ => {}
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

    /// Tells whether bytes hold the message at which the way fails now.
    fn is_it(&self, bytes: &[u8]) -> bool {
        if !bytes.windows(self.message.len()).any(|part| part == self.message) {
            return false;
        }
        let next = match self.cut {
            Cut::Before | Cut::After => State::Over,
            Cut::SilentBefore | Cut::SilentAfter => State::Silent,
            Cut::Deaf => return true,
        };
        self.state.send_if_modified(|state| *state == State::Whole && std::mem::replace(state, next) != next)
    }

    /// Swallows what a client says until it goes, or the way is mended; its server is kept as long, and not heard.
    async fn hush(&self, mut client: TcpStream, _server: Option<TcpStream>) {
        let mut state = self.state.subscribe();
        let mut bytes = vec![0; 16 << 10];
        loop {
            tokio::select! {
                _ = state.wait_for(|state| *state != State::Silent) => return,
                read = client.read(&mut bytes) => if read.unwrap_or(0) == 0 { return },
            }
        }
    }

    /// Brings one answer, and after it only what the client says.
    async fn deafen(&self, mut client: TcpStream, mut server: TcpStream) {
        let (mut up, mut down) = (vec![0; 16 << 10], vec![0; 16 << 10]);
        let read = server.read(&mut down).await.unwrap_or(0);
        if read == 0 || client.write_all(&down[..read]).await.is_err() {
            return;
        }
        self.deaf.send_modify(|deaf| *deaf += 1);
        loop {
            tokio::select! {
                read = client.read(&mut up) => {
                    let read = read.unwrap_or(0);
                    if read == 0 || server.write_all(&up[..read]).await.is_err() {
                        return;
                    }
                }
                read = server.read(&mut down) => if read.unwrap_or(0) == 0 { return },
            }
        }
    }
}

/// Waits until a way falls silent. A way whose proxy is gone stays as it is.
async fn until_silent(state: &mut watch::Receiver<State>) {
    if state.wait_for(|state| *state == State::Silent).await.is_err() {
        std::future::pending().await
    }
}
