//! The real binary in a real terminal: a pseudo-terminal, with a terminal emulator at the other end.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use dryrun::cards::Entry;
use dryrun::store::{Access, LogHealth, Paths, Store};
use dryrun::tui::run::Terminal;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// The longest anything may take here: far beyond what it does, for slow machines.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process in a terminal of its own.
struct Process {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Everything it wrote.
    raw: Vec<u8>,
}

impl Process {
    fn start(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        for name in ["NO_COLOR", "COLORTERM", "LC_ALL", "LANG", "DRYRUN_HOME"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (tell, output) = channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                if tell.send(chunk[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let screen = vt100::Parser::new(30, 100, 0);
        Self { child, master: pair.master, writer, output, screen, raw: Vec::new() }
    }

    fn dryrun(home: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut all = vec![("DRYRUN_HOME", home.to_str().unwrap())];
        all.extend(variables);
        Self::start(env!("CARGO_BIN_EXE_dryrun"), arguments, &all)
    }

    fn types(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits until the screen satisfies `wanted`.
    #[track_caller]
    fn waits_for(&mut self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let began = Instant::now();
        while !wanted(self.screen.screen()) {
            match self.output.recv_timeout(Duration::from_millis(50)) {
                Ok(bytes) => {
                    self.screen.process(&bytes);
                    self.raw.extend(bytes);
                }
                Err(_) => assert!(began.elapsed() < PATIENCE, "no {what} in\n{}", self.screen.screen().contents()),
            }
        }
    }

    #[track_caller]
    fn sees(&mut self, text: &str) {
        self.waits_for(&format!("'{text}'"), |screen| screen.contents().contains(text));
    }

    fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end, and reads what is left to read.
    fn ends(&mut self) -> portable_pty::ExitStatus {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "still there:\n{}", self.screen.screen().contents());
            std::thread::sleep(Duration::from_millis(10));
        };
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
        status
    }

    /// The terminal is as it was: cooked, on its first screen, no mouse, no bracketed paste, the cursor shown.
    #[track_caller]
    fn left_the_terminal_as_it_was(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "still on the other screen");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "pastes are still bracketed");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        let name = self.master.tty_name().unwrap();
        let modes = Command::new("stty").args(["-a", "-F", name.to_str().unwrap()]).output().unwrap();
        let modes = String::from_utf8_lossy(&modes.stdout).into_owned();
        for mode in ["icanon", "echo", "isig", "icrnl", "opost"] {
            assert!(modes.split_whitespace().any(|found| found == mode), "no {mode} in {modes}");
        }
    }
}

#[test]
fn killed_after_its_nth_grade_the_log_has_n() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("decks")).unwrap();
    let card = |deck: String, n| deck + &format!("id: c{n}\nQ: Question number {n}?\nA: Answer {n}.\n\n");
    let deck = (0..9).fold(String::new(), card);
    std::fs::write(home.path().join("decks/mine.md"), deck).unwrap();
    let mut graded = 0;
    for n in [1, 3, 2] {
        let mut process = Process::dryrun(home.path(), &["cards", "--deck", "mine"], &[]);
        for _ in 0..n {
            process.sees(&format!("Question number {graded}?"));
            process.types(" ");
            process.sees(&format!("Answer {graded}."));
            process.types("4");
            graded += 1;
        }
        process.sees(&format!("Question number {graded}?"));
        process.signal("KILL");
        process.ends();
        let store = Store::open(Paths::under(home.path()), Access::Read).unwrap();
        let reviews = store.reviews().unwrap();
        let grades = reviews.entries.iter().filter(|entry| matches!(entry, Entry::Review(_))).count();
        assert_eq!((grades, reviews.health), (graded, LogHealth::default()));
    }
}

#[test]
fn killed_while_typing_the_text_is_found_back() {
    let home = tempfile::tempdir().unwrap();
    let mut process = Process::dryrun(home.path(), &["interview", "url-shortener"], &[]);
    process.sees("Requirements");
    process.types("visitors follow a short link");
    process.sees("visitors follow a short link");
    std::thread::sleep(Duration::from_secs(1));
    process.signal("KILL");
    process.ends();
    let mut again = Process::dryrun(home.path(), &[], &[]);
    again.sees("go on with URL shortener");
    again.types("r");
    again.sees("visitors follow a short link");
    again.types("\x03");
    assert!(again.ends().success());
    again.left_the_terminal_as_it_was();
    assert!(again.screen.screen().contents().contains("Saved: "), "{}", again.screen.screen().contents());
}

#[test]
fn killed_while_estimating_the_sheet_is_found_back() {
    let home = tempfile::tempdir().unwrap();
    let mut process = Process::dryrun(home.path(), &["estimate"], &[]);
    process.sees("Estimator");
    process.types("links = 70M links");
    process.sees("links = 70M links");
    std::thread::sleep(Duration::from_secs(1));
    process.signal("KILL");
    process.ends();
    let mut again = Process::dryrun(home.path(), &["estimate"], &[]);
    again.sees("links = 70M links");
    again.types("\x03");
    assert!(again.ends().success());
    again.left_the_terminal_as_it_was();
}

#[test]
fn a_closed_terminal_and_a_request_to_end_save_and_restore() {
    for signal in ["TERM", "INT"] {
        let home = tempfile::tempdir().unwrap();
        let mut process = Process::dryrun(home.path(), &["interview", "url-shortener"], &[]);
        process.sees("Requirements");
        process.types("last words");
        process.sees("last words");
        process.signal(signal);
        process.ends();
        process.left_the_terminal_as_it_was();
        let mut again = Process::dryrun(home.path(), &["interview", "--resume"], &[]);
        again.sees("last words");
        again.types("\x03");
        again.ends();
    }
    let home = tempfile::tempdir().unwrap();
    let mut process = Process::dryrun(home.path(), &["interview", "url-shortener"], &[]);
    process.sees("Requirements");
    process.types("cut off here");
    process.sees("cut off here");
    let Process { mut child, master, writer, output, .. } = process;
    drop((writer, output, master));
    child.wait().unwrap();
    let mut again = Process::dryrun(home.path(), &["interview", "--resume"], &[]);
    again.sees("cut off here");
    again.types("\x03");
    again.ends();
}

#[test]
fn suspended_and_continued_everything_is_drawn_again() {
    let home = tempfile::tempdir().unwrap();
    let mut process = Process::dryrun(home.path(), &[], &[]);
    process.sees("Problems");
    process.types("\x1a");
    process.waits_for("first screen", |screen| !screen.alternate_screen());
    let began = Instant::now();
    let state = |pid: u32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().and_then(|rest| rest.chars().next()).unwrap_or('?')
    };
    while state(process.pid()) != 'T' {
        assert!(began.elapsed() < PATIENCE, "not stopped: {}", state(process.pid()));
        std::thread::sleep(Duration::from_millis(10));
    }
    process.left_the_terminal_as_it_was();
    process.signal("CONT");
    process.waits_for("other screen", vt100::Screen::alternate_screen);
    process.sees("Problems");
    process.types("q");
    assert!(process.ends().success());
    process.left_the_terminal_as_it_was();
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_speaks() {
    let program = std::env::current_exe().unwrap();
    let arguments = ["--exact", "process::a_child_that_panics", "--ignored", "--nocapture"];
    let mut process = Process::start(program.to_str().unwrap(), &arguments, &[]);
    process.sees("the child panics on purpose");
    process.ends();
    process.left_the_terminal_as_it_was();
    let raw = String::from_utf8_lossy(&process.raw).into_owned();
    let (left, spoke) = (raw.find("\x1b[?1049l").unwrap(), raw.find("on purpose").unwrap());
    assert!(left < spoke, "the message is lost on the other screen");
    assert!(raw.contains("\x1b[?1049h"));
}

#[test]
#[ignore = "the child of the test above"]
#[allow(clippy::panic, reason = "that is what it is for")]
fn a_child_that_panics() {
    let _terminal = Terminal::enter().unwrap();
    panic!("the child panics on purpose");
}

#[test]
fn no_color_means_none() {
    let home = tempfile::tempdir().unwrap();
    let variables = [("NO_COLOR", "1"), ("COLORTERM", "truecolor")];
    let mut process = Process::dryrun(home.path(), &["interview", "url-shortener"], &variables);
    process.sees("Requirements");
    process.types("\x0e\x0e\x0e");
    process.sees("Design");
    let screen = process.screen.screen();
    for row in 0..30 {
        for column in 0..100 {
            let cell = screen.cell(row, column).unwrap();
            let colours = (cell.fgcolor(), cell.bgcolor());
            assert_eq!(colours, (vt100::Color::Default, vt100::Color::Default), "{row} {column}");
        }
    }
    process.types("\x03");
    process.ends();
}

#[test]
fn pasted_lines_are_text_and_no_keys() {
    let home = tempfile::tempdir().unwrap();
    let mut process = Process::dryrun(home.path(), &["interview", "url-shortener"], &[]);
    process.sees("Requirements");
    process.types("\x1b[200~first pasted line\r\x1b[19~second pasted line\x1b[201~");
    process.sees("second pasted line");
    let contents = process.screen.screen().contents();
    assert!(contents.contains("first pasted line") && contents.contains("Functional"), "{contents}");
    process.types("\x03");
    process.ends();
}

#[test]
fn a_second_instance_looks_and_does_not_write() {
    let home = tempfile::tempdir().unwrap();
    let mut first = Process::dryrun(home.path(), &[], &[]);
    first.sees("Problems");
    let mut second = Process::dryrun(home.path(), &[], &[]);
    second.sees("nothing is saved in this one");
    second.types("q");
    second.ends();
    first.types("q");
    assert!(first.ends().success());
}
