//! The program as a person meets it, through a pseudo-terminal: process start to first frame, and key to frame while a simulation runs.
//!
//! `cargo bench --bench terminal` prints the median and the worst of each.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints, and stops at the first thing that is wrong"
)]
#![allow(clippy::disallowed_methods, reason = "a bench measures wall time")]

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Process starts measured.
const STARTS: usize = 15;
/// Keys measured.
const KEYS: usize = 60;
/// No answer within this is a failure.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() {
    let home = tempfile::tempdir().unwrap();
    let starts: Vec<Duration> = (0..STARTS).map(|_| first_frame(home.path())).collect();
    report("process start to first frame", starts);
    report("key to frame with a simulation running", keys(home.path()));
}

/// A running program.
struct Session {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
}

fn start(home: &std::path::Path, arguments: &[&str]) -> Session {
    let pair = native_pty_system().openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_dryrun"));
    command.args(arguments);
    command.env("DRYRUN_HOME", home);
    command.env("TERM", "xterm-256color");
    command.cwd(env!("CARGO_MANIFEST_DIR"));
    let child = pair.slave.spawn_command(command).unwrap();
    let mut reader = pair.master.try_clone_reader().unwrap();
    let (sender, output) = channel();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            if sender.send(buffer[..read].to_vec()).is_err() {
                break;
            }
        }
    });
    Session { master: pair.master, child, output }
}

impl Session {
    /// Waits until the program has written `text`.
    fn wait_for(&self, text: &str) {
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains(text) {
            seen.extend(self.output.recv_timeout(PATIENCE).unwrap());
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn first_frame(home: &std::path::Path) -> Duration {
    let started = Instant::now();
    let session = start(home, &[]);
    session.wait_for("Problems");
    started.elapsed()
}

/// Types into the design while the reference runs; each key changes the screen.
fn keys(home: &std::path::Path) -> Vec<Duration> {
    let session = start(home, &["lab", "problems/url-shortener/reference.dry"]);
    let mut writer = session.master.take_writer().unwrap();
    session.wait_for("running");
    let mut times = Vec::with_capacity(KEYS);
    for at in 0..KEYS {
        while session.output.try_recv().is_ok() {}
        // A letter no screen shows otherwise, so that its frame is known among those of the run.
        let letter = if at % 2 == 0 { "ж" } else { "щ" };
        let pressed = Instant::now();
        writer.write_all(letter.as_bytes()).unwrap();
        session.wait_for(letter);
        times.push(pressed.elapsed());
        std::thread::sleep(Duration::from_millis(40));
    }
    times
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{what}: median {:.1} ms, worst of {} {:.1} ms",
        ms(times[times.len() / 2]),
        times.len(),
        ms(times[times.len() - 1])
    );
}
