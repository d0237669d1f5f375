//! Arguments -> command line or terminal -> exit status.

#![allow(clippy::print_stderr, reason = "a failure is told on standard error")]

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

use clap::Parser;
use dryrun::cli::{self, Args, Command, Environment, Outcome, args};
use dryrun::content::Bank;
use dryrun::interview::Setup;
use dryrun::store::{Access, Paths, Store, StoreError};
use dryrun::tui::{self, Launch, Start};

/// Length of an interview where neither the arguments nor the settings say.
const DEFAULT_MINUTES: u32 = 45;

fn main() -> ExitCode {
    let arguments = Args::parse();
    match run(&arguments) {
        Ok(outcome) => ExitCode::from(outcome.status()),
        Err(error) => {
            eprintln!("dryrun: {error:#}");
            ExitCode::from(Outcome::Unusable.status())
        }
    }
}

fn run(arguments: &Args) -> anyhow::Result<Outcome> {
    if let Some(file) = &arguments.log {
        log_to(file)?;
    }
    let environment = environment()?;
    if let Some(command) = &arguments.command
        && let Some(outcome) = cli::run(command, &environment)?
    {
        return Ok(outcome);
    }
    interact(arguments.command.as_ref(), &environment)
}

/// Opens the terminal program, and says afterwards where everything was saved.
fn interact(command: Option<&Command>, environment: &Environment) -> anyhow::Result<Outcome> {
    let terminal = std::io::stdin().is_terminal() && environment.terminal;
    anyhow::ensure!(terminal, "this needs a terminal; 'dryrun --help' lists the commands that need none");
    let store = match Store::open(environment.paths.clone(), Access::Write) {
        // A second instance may look, but not write.
        Err(StoreError::Locked { .. }) => Store::open(environment.paths.clone(), Access::Read)?,
        store => store?,
    };
    let bank = environment.bank();
    let start = start(command, &bank, &store)?;
    let report = tui::run(Launch { bank, store, start })?;
    for path in &report.saved {
        eprintln!("Saved: {}", path.display());
    }
    for failure in &report.failures {
        eprintln!("dryrun: {failure}");
    }
    Ok(if report.failures.is_empty() { Outcome::Good } else { Outcome::Failed })
}

/// Where the terminal program begins.
fn start(command: Option<&Command>, bank: &Bank, store: &Store) -> anyhow::Result<Start> {
    match command {
        Some(Command::Interview(interview)) => interview_start(interview, bank, store),
        Some(Command::Lab { file }) => Ok(Start::Lab(file.clone())),
        Some(Command::Cards(options)) => Ok(Start::Cards(options.session())),
        Some(Command::Estimate(_)) => Ok(Start::Estimate),
        _ => Ok(Start::Home),
    }
}

fn interview_start(interview: &args::Interview, bank: &Bank, store: &Store) -> anyhow::Result<Start> {
    if let Some(session) = &interview.resume {
        return Ok(Start::Resume(Some(session.clone()).filter(|session| session != "last")));
    }
    let Some(problem) = &interview.problem else { return Ok(Start::Home) };
    anyhow::ensure!(
        bank.problem(problem).is_some(),
        "there is no problem '{problem}'; 'dryrun list problems' names them"
    );
    let (settings, _) = store.settings()?;
    let setup = Setup {
        level: interview.level.map(Into::into).or(settings.level).unwrap_or_default(),
        minutes: interview.minutes.or(settings.minutes).unwrap_or(DEFAULT_MINUTES),
    };
    Ok(Start::Interview { problem: problem.clone(), setup })
}

fn environment() -> anyhow::Result<Environment> {
    let paths = Paths::find(std::env::var_os("DRYRUN_HOME").map(Into::into))?;
    let terminal = std::io::stdout().is_terminal();
    let colourless = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Ok(Environment {
        paths,
        terminal,
        width: tui::width().unwrap_or(80),
        colour: terminal && !colourless,
        check_theme: tui::theme::Theme::check,
    })
}

/// Logs what the program does to a file: the terminal is for the screens.
fn log_to(file: &Path) -> anyhow::Result<()> {
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
    tracing_subscriber::fmt().with_writer(Mutex::new(log)).with_ansi(false).init();
    Ok(())
}
