//! How long a person waits for the terminal: from the start of the process to its first frame, and from a key to the frame that shows it
//! while a simulation runs. Measured from outside, through a pseudo-terminal with a terminal emulator at the other end.
//!
//! `cargo bench --bench terminal` prints the figures and fails where they miss what is promised.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement")]

use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

/// The first frame is to be there within this.
const FIRST_FRAME: Duration = Duration::from_millis(50);
/// A key is to be shown within this.
const KEY_TO_FRAME: Duration = Duration::from_millis(16);
const STARTS: usize = 30;
const KEYS: usize = 200;
const PATIENCE: Duration = Duration::from_secs(20);

/// The reference design's load for an hour: a simulation that is under way as long as anyone types.
const DESIGN: &str = "GET /{code} @ 115k/s, keys 1B zipf 0.9, p99 < 100ms: web -> lb -> api -> cache -> db\n\
                      POST /links @ 1.2k/s, p99 < 300ms: web -> lb -> api -> ids, db\n\
                      lb: load-balancer x3\napi: service x24, work 1ms\ncache: redis x12\ndb: postgres, shards 4 by code, replicas 2\n\
                      set for 60min\n\n# ";

struct Process {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Process {
    fn start(home: &Path, arguments: &[&str]) -> (Self, Instant) {
        let size = PtySize { rows: 50, cols: 160, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (tell, output) = channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                if tell.send((Instant::now(), chunk[..count].to_vec())).is_err() {
                    break;
                }
            }
        });
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_dryrun"));
        command.args(arguments);
        for (name, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8")] {
            command.env(name, value);
        }
        command.env("DRYRUN_HOME", home);
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        let writer = pair.master.take_writer().unwrap();
        let screen = vt100::Parser::new(50, 160, 0);
        (Self { child, writer, output, screen, _master: pair.master }, began)
    }

    /// The moment at which the bytes arrived that made the screen satisfy `wanted`.
    fn moment(&mut self, wanted: impl Fn(&str) -> bool) -> Instant {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Ok((at, bytes)) = self.output.recv_timeout(Duration::from_millis(100)) {
                self.screen.process(&bytes);
                if wanted(&self.screen.screen().contents()) {
                    return at;
                }
            }
        }
        unreachable!("never shown:\n{}", self.screen.screen().contents());
    }

    fn types(&mut self, keys: &str) -> Instant {
        let at = Instant::now();
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        at
    }

    fn leaves(mut self) {
        self.types("\x03\x03");
        let _ = self.child.wait();
    }
}

fn first_frames(home: &Path, arguments: &[&str], shows: &str) -> Vec<Duration> {
    let start = |_| {
        let (mut process, began) = Process::start(home, arguments);
        let shown = process.moment(|screen| screen.contains(shows) && screen.contains("F1"));
        process.leaves();
        shown - began
    };
    (0..STARTS).map(start).collect()
}

fn keys_to_frames(home: &Path) -> Vec<Duration> {
    let design = home.join("busy.dry");
    std::fs::write(&design, DESIGN).unwrap();
    let (mut process, _) = Process::start(home, &["lab", design.to_str().unwrap()]);
    process.moment(|screen| screen.contains("running"));
    process.types("\x1b[1;5F");
    let mut typed = String::from("# ");
    let mut taken = Vec::with_capacity(KEYS);
    for at in 0..KEYS {
        // Typing at some 400 keys a minute, off the beat of the program's own ticks.
        std::thread::sleep(Duration::from_millis(120 + (at as u64 * 37) % 60));
        if typed.len() > 50 {
            process.types("\x15");
            process.moment(|screen| !screen.contains(&typed));
            process.types("# ");
            typed = String::from("# ");
            process.moment(|screen| screen.contains("# "));
        }
        let key = char::from(b'a' + (at % 26) as u8);
        typed.push(key);
        let pressed = process.types(&key.to_string());
        let shown = process.moment(|screen| screen.contains(&typed));
        taken.push(shown.saturating_duration_since(pressed));
    }
    process.leaves();
    taken
}

/// Prints median, 99th percentile and greatest of `taken`; whether the 99th percentile is within `promised`.
fn report(what: &str, mut taken: Vec<Duration>, promised: Duration) -> bool {
    taken.sort_unstable();
    let at = |share: f64| taken[((taken.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
    let good = at(0.99) <= promised.as_secs_f64() * 1e3;
    println!(
        "{what:<46} median {:>6.1} ms   p99 {:>6.1} ms   max {:>6.1} ms   of {:>3}   promised {:>3} ms: {}",
        at(0.5),
        at(0.99),
        at(1.0),
        taken.len(),
        promised.as_millis(),
        if good { "held" } else { "missed" }
    );
    good
}

fn main() -> ExitCode {
    let home = tempfile::tempdir().unwrap();
    let start = first_frames(home.path(), &[], "Problems");
    let interview = first_frames(home.path(), &["interview", "url-shortener"], "Requirements");
    let keys = keys_to_frames(home.path());
    let held = [
        report("process start to first frame, home", start, FIRST_FRAME),
        report("process start to first frame, interview", interview, FIRST_FRAME),
        report("key to frame, 116k requests/s being simulated", keys, KEY_TO_FRAME),
    ];
    if held.into_iter().all(|held| held) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
