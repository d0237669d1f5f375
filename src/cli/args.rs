//! What may be written on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::cards::{Deck, Mode, Scope};
use crate::interview::Level;
use crate::units::{BareB, literal};

/// Rehearse a system-design interview in the terminal, then run the design you drew.
#[derive(Clone, Debug, Parser)]
#[command(name = "dryrun", version, about, long_about = None, after_help = AFTER_HELP)]
pub struct Args {
    /// What to do; without a command, the terminal program opens.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Write a log of what the program does to this file.
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

const AFTER_HELP: &str =
    "Exit status: 0 success, 1 a target missed or a check failed, 2 wrong usage or unreadable input.
Your files live in the system's configuration and data folders; DRYRUN_HOME names one folder for both.";

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Start a timed mock interview, or go on with one.
    Interview(Interview),
    /// Edit, run and break a design without an interview.
    Lab {
        /// A design to open.
        file: Option<PathBuf>,
    },
    /// Review flashcards; or their statistics and exchange, which need no terminal.
    Cards(Cards),
    /// Simulate a design and hold it to its targets.
    Simulate(Simulate),
    /// Work out capacity maths: units, ranges, the functions of the field.
    Estimate(Estimate),
    /// Draw a design.
    Diagram {
        /// The design; `-` reads standard input.
        file: PathBuf,
        /// What to write.
        #[arg(long, value_enum, default_value_t = DiagramFormat::Text)]
        format: DiagramFormat,
        /// Draw with plain ASCII.
        #[arg(long)]
        ascii: bool,
    },
    /// Format designs in place.
    Fmt {
        /// Change nothing; exit with 1 if a file is not formatted.
        #[arg(long)]
        check: bool,
        /// The designs; `-` reads standard input and writes standard output.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// List what the bank and your folders hold.
    List {
        /// What to list.
        #[arg(value_enum)]
        what: Listed,
        /// Write JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show any item of the bank.
    Show {
        /// Its id.
        id: String,
    },
    /// Search the whole bank.
    Search {
        /// What to search for.
        #[arg(required = true)]
        query: Vec<String>,
        /// Write JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a session as Markdown.
    Export {
        /// The session's id, or 'last'.
        session: String,
        /// The file to write; standard output without it.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Replace the file if there is one.
        #[arg(long)]
        force: bool,
    },
    /// Validate content, problems and themes; simulate what the problems promise of their references.
    Check {
        /// Folders with content/, problems/ and themes/, of whose problems only theirs are simulated; without any, all that is loaded.
        folders: Vec<PathBuf>,
    },
    /// Write the JSON Schema of one of the bank's formats, for editors.
    Schema {
        /// Of which.
        #[arg(value_enum)]
        format: FormatWord,
    },
    /// Write a completion script.
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual page.
    Man,
}

/// Which interview, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct Interview {
    /// The problem's id; without it, you choose from the list.
    pub problem: Option<String>,
    /// Length in minutes: 35, 45 or 60.
    #[arg(long, value_parser = clap::value_parser!(u32).range(10..=120))]
    pub minutes: Option<u32>,
    /// The level that is interviewed for.
    #[arg(long, value_enum)]
    pub level: Option<LevelWord>,
    /// Go on with a session: the last unfinished one, or the one named.
    #[arg(long, value_name = "SESSION", num_args = 0..=1, default_missing_value = "last", conflicts_with = "problem")]
    pub resume: Option<String>,
}

/// Which cards, and what to do with them.
#[derive(Clone, Debug, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Cards {
    /// Only this deck: 'dryrun list decks' names them.
    #[arg(long)]
    pub deck: Option<String>,
    /// Only cards with this tag.
    #[arg(long)]
    pub tag: Option<String>,
    /// Only questions of this level: basic, intermediate or advanced.
    #[arg(long)]
    pub level: Option<String>,
    /// Only cards that you forget more easily than most.
    #[arg(long)]
    pub weak: bool,
    /// Every card, the weakest first, without touching the schedule.
    #[arg(long, conflicts_with = "ahead")]
    pub cram: bool,
    /// What is due within so many days as well.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=365))]
    pub ahead: Option<u32>,
    /// Write statistics.
    #[arg(long, group = "deed")]
    pub stats: bool,
    /// Write the cards to a file that Anki imports; '-' is standard output.
    #[arg(long, value_name = "FILE", group = "deed")]
    pub export: Option<PathBuf>,
    /// Replace the export's file if there is one.
    #[arg(long, requires = "export")]
    pub force: bool,
    /// Take cards in from a Markdown deck (.md) or Anki's text.
    #[arg(long, value_name = "FILE", group = "deed")]
    pub import: Option<PathBuf>,
    /// Fit the model's weights to your own log and keep them if they predict it better.
    #[arg(long, group = "deed")]
    pub optimise: bool,
    /// Name reviewed cards that are no more, each with what it probably became.
    #[arg(long, group = "deed")]
    pub orphans: bool,
    /// Let those go on as what they probably became.
    #[arg(long, requires = "orphans")]
    pub adopt: bool,
    /// Write JSON (with --stats or --orphans).
    #[arg(long, requires = "deed")]
    pub json: bool,
}

impl Cards {
    /// The cards that are asked for.
    pub fn scope(&self) -> Scope {
        Scope {
            deck: self.deck.as_deref().map(Deck::from_name),
            tag: self.tag.clone(),
            level: self.level.clone(),
            weak: self.weak,
            choices: false,
        }
    }

    /// The session to open with; `None` opens the decks.
    pub fn session(&self) -> Option<(Scope, Mode)> {
        let scope = self.scope();
        let mode = match self.ahead {
            _ if self.cram => Mode::Cram,
            Some(days) => Mode::Ahead(days),
            None => Mode::Due,
        };
        (scope != Scope::default() || mode != Mode::Due).then_some((scope, mode))
    }
}

/// What to simulate, and how.
#[derive(Clone, Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Simulate {
    /// The design; `-` reads standard input.
    pub file: PathBuf,
    /// Simulated time to measure, for example 60s.
    #[arg(long = "for", value_name = "TIME", value_parser = seconds)]
    pub simulated: Option<f64>,
    /// Simulated time to cut off at the start.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub warmup: Option<f64>,
    /// Seed of the random streams.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Simulate every request, however many there are.
    #[arg(long)]
    pub exact: bool,
    /// Hold the design to this problem's targets as well.
    #[arg(long, value_name = "ID")]
    pub problem: Option<String>,
    /// Try every single change worth trying, each under the same arrivals, and rank them by what they do to the missed targets and cost.
    #[arg(long)]
    pub what_if: bool,
    /// Run under multiples of the load, for example 0.5..2.0, and find the load at which the first target breaks.
    #[arg(long, value_name = "FROM..TO", value_parser = factors)]
    pub sweep: Option<Factors>,
    /// Find the cheapest instance counts that meet all targets.
    #[arg(long)]
    pub size: bool,
    /// Show a median, the slowest and a failed request of each flow, stay by stay.
    #[arg(long)]
    pub trace: bool,
    /// Show what queueing theory says beside what was measured, where a closed form applies.
    #[arg(long)]
    pub theory: bool,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// Multiples of a design's load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factors {
    /// The least, above 0.
    pub low: f64,
    /// The greatest, above the least.
    pub high: f64,
}

/// What to work out, and how to show it.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Estimate {
    /// Expressions, each a line of one sheet; without any, standard input is read, or the notebook opens.
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expressions: Vec<String>,
    /// Work out one of your sheets; 'dryrun list sheets' names them.
    #[arg(long, value_name = "SHEET", conflicts_with = "expressions")]
    pub sheet: Option<String>,
    /// Show all digits.
    #[arg(long, conflicts_with = "round")]
    pub exact: bool,
    /// Show one digit, as one says it in the room.
    #[arg(long)]
    pub round: bool,
    /// Show the working, the place among real machines and what the spread comes from.
    #[arg(long)]
    pub explain: bool,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// What `diagram` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiagramFormat {
    /// Boxes and arrows.
    Text,
    /// A Mermaid flowchart.
    Mermaid,
}

/// A format of the bank's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatWord {
    /// Front matter of a page: questions, technologies, concepts, patterns, guide.
    Page,
    /// content/numbers.toml.
    Numbers,
    /// content/framework.toml.
    Framework,
    /// problems/ID/problem.toml.
    Problem,
    /// themes/ID.toml.
    Theme,
}

/// What `list` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// Interview problems.
    Problems,
    /// The hundred questions.
    Questions,
    /// Technologies and building blocks.
    Technologies,
    /// Concepts.
    Concepts,
    /// Patterns.
    Patterns,
    /// The numbers.
    Numbers,
    /// Decks of flashcards.
    Decks,
    /// Your sessions.
    Sessions,
    /// Your sheets of the estimator.
    Sheets,
    /// Themes.
    Themes,
}

/// A level on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LevelWord {
    /// Mid-level.
    Mid,
    /// Senior.
    Senior,
    /// Staff.
    Staff,
}

impl From<LevelWord> for Level {
    fn from(word: LevelWord) -> Self {
        match word {
            LevelWord::Mid => Self::Mid,
            LevelWord::Senior => Self::Senior,
            LevelWord::Staff => Self::Staff,
        }
    }
}

/// A length of time on the command line, in seconds; a bare number is seconds.
fn seconds(text: &str) -> Result<f64, String> {
    let quantity = literal(text, BareB::Byte).map_err(|error| error.message)?;
    let seconds = quantity.as_seconds().or_else(|| quantity.as_count());
    seconds.filter(|seconds| *seconds >= 0.0).ok_or_else(|| "expected a length of time, for example 60s".to_owned())
}

/// The greatest multiple of a load that is run.
const MOST_TIMES: f64 = 100.0;

/// Two load factors on the command line: `0.5..2.0`; an `x` after one is understood.
fn factors(text: &str) -> Result<Factors, String> {
    let (low, high) = text.split_once("..").ok_or("expected two load factors, for example 0.5..2.0")?;
    let factor = |text: &str| {
        let digits = text.trim().trim_end_matches('x');
        let factor = digits.parse::<f64>().ok().filter(|factor| factor.is_finite());
        factor.ok_or_else(|| format!("'{}' is no load factor; expected a number, for example 0.5..2.0", text.trim()))
    };
    let (low, high) = (factor(low)?, factor(high)?);
    if low <= 0.0 || high > MOST_TIMES {
        return Err(format!("a load factor is above 0 and at most {MOST_TIMES}"));
    }
    if low >= high {
        return Err(format!("the first load factor is below the second: {high}..{low}?"));
    }
    Ok(Factors { low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: Result<(f64, f64), &str>) {
        let found = factors(text).map(|Factors { low, high }| (low, high));
        match expected {
            Ok(expected) => assert_eq!(found, Ok(expected), "{text}"),
            Err(part) => assert!(found.as_ref().is_err_and(|why| why.contains(part)), "{text}: {found:?}"),
        }
    }

    #[test]
    fn load_factors_are_two_numbers_in_order() {
        reads("0.5..2.0", Ok((0.5, 2.0)));
        reads("1x..10x", Ok((1.0, 10.0)));
        reads("2", Err("two load factors"));
        reads("a..2", Err("'a' is no load factor"));
        reads("0..2", Err("above 0"));
        reads("1..1000", Err("at most 100"));
        reads("2..1", Err("1..2?"));
        reads("nan..2", Err("no load factor"));
    }
}
