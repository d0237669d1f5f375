//! The interview against the bank as it ships: questions in one's own words, a whole session, its debrief and its export.

use dryrun::clock::{Elapsed, Timestamp};
use dryrun::content::{Bank, Files};
use dryrun::design::{Design, compile_with, diagram, mermaid};
use dryrun::export::{SessionExport, session_markdown};
use dryrun::interview::{
    self, ComponentRun, Contradiction, Covered, Debrief, Event, Evidence, FlowRun, Level, Outcome, Problem, Run,
    Session, Setup, TargetRun, Topic, Trigger,
};
use dryrun::sim;

use crate::golden;

const START: Timestamp = Timestamp(1_772_389_800_000);

fn bank() -> Bank {
    Bank::new(Files::embedded(Vec::new()))
}

fn shortener(bank: &Bank) -> Problem {
    bank.problem("url-shortener").unwrap().clone()
}

/// A session with a clock of its own, which goes on only when it is told to.
struct Room {
    bank: Bank,
    problem: Problem,
    session: Session,
    now: Timestamp,
}

impl Room {
    fn new(level: Level) -> Self {
        Self::with(bank(), "url-shortener", level)
    }

    fn with(bank: Bank, problem: &str, level: Level) -> Self {
        let problem = bank.problem(problem).unwrap().clone();
        let setup = Setup { level, minutes: 45 };
        let session = Session::start(setup, &problem, bank.framework(), START).unwrap();
        Self { bank, problem, session, now: START }
    }

    fn tell(&mut self, event: Event) -> Vec<Outcome> {
        self.session.advance(event, self.now)
    }

    fn wait(&mut self, seconds: u64) -> Vec<String> {
        let mut said = Vec::new();
        for _ in 0..seconds {
            self.now = self.now + Elapsed::seconds(1);
            for outcome in self.tell(Event::Tick) {
                if let Outcome::Say(remark) = outcome {
                    said.push(remark.line());
                }
            }
        }
        said
    }

    fn note(&mut self, text: &str) {
        let phase = self.session.record().current;
        let notes = format!("{}{text}", self.session.record().phases[phase].notes);
        self.tell(Event::Notes { phase, text: notes });
    }

    fn go_to(&mut self, phase: &str) {
        let at = self.session.phases().iter().position(|known| known.id == phase).unwrap();
        self.tell(Event::GoTo(at));
    }

    fn design(&self) -> Design {
        let record = self.session.record();
        compile_with(&record.design, self.bank.catalogue(), &record.variables()).design
    }

    fn debrief(&self) -> Debrief {
        interview::debrief(self.session.record(), &self.problem, self.bank.framework(), &self.design())
    }

    fn contradictions(&self) -> Vec<Contradiction> {
        let (promises, variables) = (self.debrief().promises, self.session.record().variables());
        let network = self.bank.catalogue().network();
        interview::contradictions(&self.design(), &promises, &self.problem, &variables, network)
    }
}

#[test]
fn questions_in_ones_own_words_find_their_answers() {
    let problem = shortener(&bank());
    let mut wrong = Vec::new();
    let mut check = |question: &str, part: &str| {
        let answer = interview::clarify(&problem, question).unwrap_or_default();
        if !answer.contains(part) {
            wrong.push(format!("{question}: {answer:?}"));
        }
    };
    check("What scale should I design for?", "100 million new links a day");
    check("How many URLs do people shorten each day?", "100 million new links a day");
    check("whats the QPS?", "100 million");
    check("is this read-heavy?", "hundred redirects");
    check("what's the ratio between reads and writes", "hundred redirects");
    check("how fast should redirects be", "100 ms at the 99th");
    check("What latency target do we have for a redirect?", "100 ms at the 99th");
    check("How long can creating a link take?", "300 ms");
    check("What availability are we aiming at?", "99.99%");
    check("Do short links ever expire?", "five years");
    check("can users pick a custom alias?", "if the name is free");
    check("Do we need to support vanity URLs", "if the name is free");
    check("should we show click statistics to creators", "clicks for each link and day");
    check("Do I need to handle user accounts?", "sign in");
    check("If two people shorten the same URL, do they get the same code?", "Two creators get two codes");
    check("Can links be deleted or edited?", "never changes");
    check("What about spam and phishing?", "blocklist");
    check("Should the codes be unguessable?", "walk through all");
    check("Are users global or in one region?", "one region");
    check("does a new link have to work immediately", "At once");
    check("Is it OK to lose a link?", "never be lost");
    check("what happens at peak traffic", "three times");
    check("how long should the short code be?", "letters and digits");
    check("how big is one record", "500 bytes");
    check("will some links be much hotter than others", "Very unevenly");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_it_was_not_told_the_interviewer_leaves_to_the_candidate() {
    let problem = shortener(&bank());
    let mut told = Vec::new();
    for question in [
        "Which programming language should I use?",
        "Is there a mobile app?",
        "What is the budget?",
        "Do we have a GPU cluster?",
        "May I use Kubernetes?",
        "How are you today?",
        "Should it support dark mode?",
        "hm",
        "",
    ] {
        told.extend(interview::clarify(&problem, question).map(|answer| format!("{question}: {answer}")));
    }
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn every_way_of_asking_that_the_bank_lists_gets_its_own_answer() {
    let mut wrong = Vec::new();
    for problem in bank().problems() {
        for clarification in &problem.clarifications {
            for ask in &clarification.ask {
                let answer = interview::clarify(problem, ask).unwrap_or_default();
                let plain = clarification.answer.split_whitespace().collect::<Vec<_>>().join(" ");
                if !answer.contains(&plain) {
                    wrong.push(format!("{}: {ask}: {answer:?}", problem.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_banks_evidence_means_something() {
    let bank = bank();
    for problem in bank.problems() {
        let evidence =
            problem.rubric.iter().flat_map(|item| &item.evidence).chain(problem.probes.iter().map(|p| &p.when));
        for evidence in evidence {
            match evidence {
                Evidence::Design(fact) => assert!(interview::is_fact(fact), "{}: {fact}", problem.id),
                Evidence::Notes(text) | Evidence::Silence(text) => {
                    assert!(interview::pattern(text).is_ok(), "{}: {text}", problem.id);
                }
                Evidence::Measured(_) | Evidence::Missed(_) | Evidence::Always => {}
            }
        }
    }
}

#[test]
fn a_template_ticks_nothing() {
    let bank = bank();
    for problem in bank.problems() {
        let setup = Setup { level: Level::Staff, minutes: 45 };
        let session = Session::start(setup, problem, bank.framework(), START).unwrap();
        for at in 0..session.phases().len() {
            let ticked: Vec<String> = session.checklist(at).into_iter().filter(|l| l.ticked).map(|l| l.item).collect();
            assert!(ticked.is_empty(), "{} of {}: {ticked:?}", session.phases()[at].id, problem.id);
        }
        assert_eq!(session.promises(), &interview::Promises::default(), "{}", problem.id);
    }
}

const REQUIREMENTS: &str = "- creators shorten a long URL, with a custom alias if it is free
- visitors open a short link and are redirected
- links expire after five years
- redirects p99 < 100ms, errors < 0.1%
- creating a link p99 < 300ms
- 115k redirects/s, read-heavy, 100 reads to 1 write; 1.2k new links/s
- availability over consistency of counts
- every code is unique; no link is ever lost
";

/// A whole interview by a candidate who knows the reference.
fn strong_candidate() -> Room {
    let mut room = Room::new(Level::Senior);
    room.wait(60);
    room.tell(Event::Ask("What scale are we designing for?".to_owned()));
    room.tell(Event::Ask("which cloud provider?".to_owned()));
    room.note(REQUIREMENTS);
    room.wait(210);
    room.go_to("entities");
    room.note("Link: code, long URL, owner, expires\nUser: id\n");
    room.wait(100);
    room.go_to("api");
    room.note("POST /links {url, alias?} -> 201\nGET /{code} -> 302\n");
    room.wait(200);
    room.go_to("design");
    let reference = room.problem.reference.clone();
    room.tell(Event::Design(reference));
    room.tell(Event::Decide(
        "Sharded Postgres because the unique constraint makes aliases safe, gives up joins".to_owned(),
    ));
    room.wait(600);
    let design = interview::with_promises(&room.design(), room.session.promises(), &room.problem);
    let options = sim::Options { simulated_s: 0.5, warmup_s: 0.1, ..sim::Options::of(&design) };
    let report = sim::run(&design, &options.with_network(room.bank.catalogue().network()));
    room.tell(Event::Ran(Run::of(&report, &room.session.record().design, Trigger::Asked)));
    room.go_to("deep-dive");
    room.wait(300);
    room
}

#[test]
fn a_strong_candidate_is_shown_to_be_one() {
    let mut room = strong_candidate();
    let debrief = room.debrief();
    let missing: Vec<&Covered> =
        debrief.coverage.iter().filter(|c| c.must && c.proof.is_none() && c.topic != Topic::Rubric).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let run = debrief.run.as_ref().unwrap();
    let targets: Vec<String> = run.targets().map(|(flow, target)| format!("{flow}: {}", target.text)).collect();
    assert_eq!(
        targets[..3],
        ["GET /{code}: p99 < 100ms", "GET /{code}: errors < 0.1%", "POST /links: p99 < 300ms"].map(str::to_owned)
    );
    assert_eq!(debrief.underloaded, []);
    assert!(debrief.promises.loads.len() >= 2, "{:?}", debrief.promises.loads);
    let record = room.session.record();
    assert_eq!(record.questions.len(), 2);
    assert!(record.questions[0].answer.as_ref().unwrap().contains("100 million"));
    assert_eq!(record.questions[1].answer, None);
    let noted = record.timeline.iter().filter(|moment| matches!(moment.what, interview::What::Target(_))).count();
    assert_eq!(noted, 3, "the targets went into the timeline once they stood");
    room.tell(Event::Finish);
    assert!(room.session.record().finished.is_some());
}

#[test]
fn a_candidate_who_says_nothing_is_shown_that_too() {
    let mut room = Room::new(Level::Mid);
    let said = room.wait(301);
    assert_eq!(said.len(), 1, "{said:?}");
    room.tell(Event::Finish);
    let debrief = room.debrief();
    assert!(debrief.coverage.iter().all(|covered| covered.proof.is_none()), "{:#?}", debrief.coverage);
    assert!(debrief.first_fix.what.starts_with("Leave time to draw a design"), "{:?}", debrief.first_fix);
}

#[test]
fn probes_look_at_the_design_that_was_drawn() {
    let mut room = Room::new(Level::Staff);
    room.tell(Event::Design("web -> api -> postgres @ 5k/s\n".to_owned()));
    let probes = |room: &Room| -> Vec<String> {
        let facts = interview::facts(&room.design());
        let chosen = interview::choose_probes(&room.problem, room.bank.framework(), room.session.record(), &facts);
        chosen.into_iter().map(|chosen| chosen.because).collect()
    };
    let bare = probes(&room);
    assert!(bare.iter().any(|why| why.starts_with("the design has no")), "{bare:?}");
    let reference = room.problem.reference.clone();
    room.tell(Event::Design(reference));
    assert_ne!(probes(&room), bare);
    assert_eq!(probes(&room), probes(&room));
}

/// A run with figures that are made up, so that the document doesn't change with the simulator.
fn made_up_run(design: &str, number: u32) -> Run {
    let target = |text: &str, observed: f64, verdict: &str| TargetRun {
        text: text.to_owned(),
        observed,
        met: verdict != "missed",
        verdict: TargetRun::verdict_from_name(verdict).unwrap(),
    };
    let redirects = FlowRun {
        name: "GET /{code}".to_owned(),
        offered_per_s: 115e3,
        completed_per_s: 114_900.0,
        error_ratio: 0.000_87,
        errors: [420, 0, 1],
        mean: 0.0041,
        p50: 0.0021,
        p90: 0.009,
        p99: 0.072,
        p999: 0.099,
        max: 0.25,
        lag_p99: Some(0.4),
        targets: vec![target("p99 < 100ms", 0.072, "met"), target("errors < 0.1%", 0.000_87, "too-close")],
    };
    let creations = FlowRun {
        name: "POST /links | v2".to_owned(),
        offered_per_s: 1200.0,
        completed_per_s: 1200.0,
        mean: 0.1,
        p50: 0.1,
        p90: 0.2,
        p99: 0.45,
        p999: 0.5,
        max: 0.61,
        targets: vec![target("p99 < 300ms", 0.45, "missed")],
        ..FlowRun::default()
    };
    let component = |name: &str, kind: &str, technology: Option<&str>, utilisation: f64| ComponentRun {
        name: name.to_owned(),
        kind: kind.to_owned(),
        technology: technology.map(str::to_owned),
        instances: 3,
        arrivals_per_s: 115e3,
        utilisation,
        queue_mean: 0.25,
        queue_max: 17,
        wait_mean: 0.0001,
        hit_ratio: (kind == "cache").then_some(0.92),
        cost_per_month: Some(1200.0),
        unstable: utilisation > 0.95,
    };
    Run {
        number,
        trigger: Trigger::Asked,
        design: design.to_owned(),
        seed: 7,
        simulated_s: 60.0,
        scale: 4.0,
        flows: vec![redirects, creations],
        components: vec![
            component("cache", "cache", Some("redis"), 0.31),
            component("db", "sql", Some("postgres"), 0.97),
        ],
        bottleneck: Some("db is 97% busy and its queue grows".to_owned()),
        notes: vec!["1 request stands for 4".to_owned()],
        ..Run::default()
    }
}

/// Everything that can be in a document, with notes that try to break it. The bank is a small one of its own.
fn eventful() -> Room {
    let bank = Bank::new(Files::only(vec!["tests/golden/export/bank".into()]));
    let mut room = Room::with(bank, "paste-bin", Level::Senior);
    room.wait(20);
    room.tell(Event::Ask("how many pastes per day? | <b>".to_owned()));
    room.tell(Event::Ask("which font?".to_owned()));
    room.tell(Event::Check { phase: 0, item: "scope".to_owned() });
    room.note("`none`\n```\n# not a heading\n````\n</details> \u{1b}[31mred\r\n- visitors open pastes, reads p99 < 100ms\n- 300k reads/s\n- low latency\n");
    room.wait(400);
    room.tell(Event::Pause);
    room.wait(75);
    room.tell(Event::Resume);
    room.go_to("design");
    let design = "web -> api x4 -> cache -> db: sql\n# ``` fences\nGET /{code} @ 115k/s, p99 < 50ms: web -> api -> cache -> db\n";
    room.tell(Event::Design(design.to_owned()));
    room.tell(Event::Sheet("reads = 100k/s\n# Storage ``` too\nstorage(300/s, 2 KB, 1 to 3 years)\n1 +".to_owned()));
    room.tell(Event::Decide("Postgres because *transactions*, gives up easy sharding".to_owned()));
    room.tell(Event::Ran(made_up_run("", 0)));
    let faulty = made_up_run(design, 1).with_fault("at 30s: kill cache/0");
    room.tell(Event::Ran(faulty));
    room.go_to("deep-dive");
    room.tell(Event::Probe { ask: "What if the cache dies?".to_owned(), because: "no replica".to_owned() });
    room.tell(Event::AnswerProbe { probe: 0, answer: "The database takes it all:\n```\n115k/s\n```".to_owned() });
    room.tell(Event::Probe { ask: "And then?".to_owned(), because: "the notes never mention it".to_owned() });
    room.wait(30);
    room
}

fn document(room: &Room) -> String {
    let debrief = room.debrief();
    session_markdown(&SessionExport {
        record: room.session.record(),
        problem: &room.problem,
        framework: room.bank.framework(),
        debrief: &debrief,
        contradictions: &room.contradictions(),
        mermaid: "flowchart LR\n  web --> api\n",
        diagram: "[web]-->[api]\n",
    })
}

#[test]
fn a_sessions_document_reads_as_expected() {
    let mut room = eventful();
    let unfinished = document(&room);
    assert!(
        !unfinished.contains("Coverage") && !unfinished.contains("Reference"),
        "nothing is given away before the end"
    );
    golden::check("export/unfinished.md", &unfinished);
    room.tell(Event::Finish);
    golden::check("export/session.md", &document(&room));
}

#[test]
fn notes_cannot_break_the_document() {
    let mut room = eventful();
    room.tell(Event::Finish);
    let document = document(&room);
    assert!(!document.contains('\u{1b}'), "no escape sequence gets through");
    let blocks = dryrun::markup::blocks(&document);
    let headings: Vec<String> = blocks
        .iter()
        .filter_map(|block| match block {
            dryrun::markup::Block::Heading(2, _) => Some(format!("{block:?}")),
            _ => None,
        })
        .collect();
    assert!(headings.iter().all(|heading| !heading.contains("not a heading")), "{headings:?}");
    assert!(headings.iter().any(|heading| heading.contains("Coverage")), "{headings:?}");
}

#[test]
fn a_design_is_drawn_into_the_document_as_it_is_exported() {
    let room = strong_candidate();
    let (design, debrief) = (room.design(), room.debrief());
    let export = SessionExport {
        record: room.session.record(),
        problem: &room.problem,
        framework: room.bank.framework(),
        debrief: &debrief,
        contradictions: &room.contradictions(),
        mermaid: &mermaid(&design),
        diagram: &diagram(&design).to_text(false),
    };
    let document = session_markdown(&export);
    assert!(document.contains("```mermaid\nflowchart"), "{document}");
    assert!(document.contains(&format!("```dry\n{}", room.problem.reference)), "the design stands there as typed");
}
