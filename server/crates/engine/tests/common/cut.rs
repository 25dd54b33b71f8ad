//! A connection that breaks at the worst moment.

/// A way to the server that is cut as soon as COMMIT has gone through, before the answer comes back.
pub async fn cut_at_commit(url: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (before, rest) = url.rsplit_once('@').unwrap();
    let (address, path) = rest.split_once('/').unwrap();
    let (address, listener) = (address.to_owned(), tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap());
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut server = tokio::net::TcpStream::connect(address).await.unwrap();
        let (mut asked, mut answered) = (vec![0; 65536], vec![0; 65536]);
        loop {
            tokio::select! {
                read = client.read(&mut asked) => {
                    let read = read.unwrap_or(0);
                    if read == 0 || server.write_all(&asked[..read]).await.is_err() {
                        return;
                    }
                    if asked[..read].windows(6).any(|word| word == b"commit") {
                        // The answer is awaited, so that the server has surely committed, and thrown away.
                        let _ = server.read(&mut answered).await;
                        return;
                    }
                }
                read = server.read(&mut answered) => {
                    let read = read.unwrap_or(0);
                    if read == 0 || client.write_all(&answered[..read]).await.is_err() {
                        return;
                    }
                }
            }
        }
    });
    format!("{before}@127.0.0.1:{port}/{path}")
}
