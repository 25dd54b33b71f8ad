//! Drives a future on one thread, which would rather look twice than sleep.
//!
//! SQLite is called on this thread and has nothing to wait for. What is waited for is the turn to write, and those who were
//! just answered: less time, mostly, than it takes to wake a thread. So this one looks for some microseconds, and only then
//! sleeps until somebody wakes it.

use std::pin::pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// How long it looks before it sleeps: longer than most waiting takes, shorter than waiting for the disk. With one
/// processor nobody can ring while this thread looks.
static LOOK: LazyLock<Duration> = LazyLock::new(|| {
    let several = thread::available_parallelism().is_ok_and(|many| many.get() > 1);
    Duration::from_micros(if several { 50 } else { 0 })
});

/// How often the processor is told that this thread only waits, between two looks.
const HINTS: usize = 16;

/// Runs a future to its end on this thread.
pub(super) fn drive<T>(future: impl Future<Output = T>) -> T {
    let bell = Arc::new(Bell { state: AtomicU8::new(QUIET), sleeper: thread::current() });
    let waker = Waker::from(Arc::clone(&bell));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return done;
        }
        bell.wait();
    }
}

struct Bell {
    state: AtomicU8,
    sleeper: Thread,
}

const QUIET: u8 = 0;
const RUNG: u8 = 1;
const ASLEEP: u8 = 2;

impl Bell {
    /// Waits until it was rung since it was last waited for.
    fn wait(&self) {
        let (since, look) = (Instant::now(), *LOOK);
        while !self.take() {
            if since.elapsed() < look {
                (0..HINTS).for_each(|_| std::hint::spin_loop());
                // Whoever is to ring may have to run here.
                thread::yield_now();
            } else if self.state.compare_exchange(QUIET, ASLEEP, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                while self.state.load(Ordering::Acquire) == ASLEEP {
                    thread::park();
                }
            }
        }
    }

    fn take(&self) -> bool {
        self.state.compare_exchange(RUNG, QUIET, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(RUNG, Ordering::AcqRel) == ASLEEP {
            self.sleeper.unpark();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    /// Rung before, while it looks, and long after: never missed, never too early.
    #[test]
    fn it_goes_on_whenever_it_is_rung() {
        for pause in [0, 1, 20, 49, 50, 51, 200, 20_000] {
            let (send, receive) = oneshot::channel();
            let (told, tell) = std::sync::mpsc::channel();
            let rings = thread::spawn(move || {
                tell.recv().unwrap();
                thread::sleep(Duration::from_micros(pause));
                send.send(pause).unwrap();
            });
            let answer = drive(async {
                told.send(()).unwrap();
                receive.await
            });
            assert_eq!(answer, Ok(pause));
            rings.join().unwrap();
        }
    }

    #[test]
    fn what_wakes_itself_is_polled_again() {
        let mut left = 1_000;
        let counts = std::future::poll_fn(|context| {
            left -= 1;
            context.waker().wake_by_ref();
            if left == 0 { Poll::Ready(()) } else { Poll::Pending }
        });
        drive(counts);
        assert_eq!(left, 0);
    }
}
