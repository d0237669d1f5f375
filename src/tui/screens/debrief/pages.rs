//! The pages of a debrief that are lines of text.

use ratatui::text::{Line, Span};

use super::{Page, State};
use crate::clock::Elapsed;
use crate::interview::{Covered, Foretold, PhasePacing, Proof, Run, TargetRun, Topic, Trigger, predictions};
use crate::tui::panes::run::judge;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{bar, fit, meter, width, wrap};
use crate::units;

/// A page being written.
struct Lines<'a> {
    theme: &'a Theme,
    cells: usize,
    written: Vec<Line<'static>>,
}

impl Lines<'_> {
    fn heading(&mut self, text: &str) {
        if !self.written.is_empty() {
            self.gap();
        }
        self.written.push(Line::styled(text.to_owned(), self.theme.bold(Role::Accent)));
    }

    fn gap(&mut self) {
        self.written.push(Line::default());
    }

    /// Text in lines, each `indent` cells in.
    fn text(&mut self, text: &str, indent: usize, role: Role) {
        let style = self.theme.style(role);
        for line in wrap(text, self.cells.saturating_sub(indent).max(8)) {
            self.written.push(Line::styled(format!("{}{line}", " ".repeat(indent)), style));
        }
    }

    /// A sign, and text that hangs behind it.
    fn point(&mut self, sign: &str, sign_role: Role, text: &str, role: Role) {
        for (at, line) in wrap(text, self.cells.saturating_sub(4).max(8)).into_iter().enumerate() {
            let sign = if at == 0 { format!("  {sign} ") } else { "    ".to_owned() };
            self.written.push(Line::from(vec![
                Span::styled(sign, self.theme.style(sign_role)),
                Span::styled(line, self.theme.style(role)),
            ]));
        }
    }

    fn spans(&mut self, spans: Vec<Span<'static>>) {
        self.written.push(Line::from(spans));
    }
}

impl State {
    /// The lines of a page for `cells` cells.
    pub(super) fn lines(&self, page: Page, theme: &Theme, cells: u16) -> Vec<Line<'static>> {
        let mut lines = Lines { theme, cells: usize::from(cells), written: Vec::new() };
        match page {
            Page::Overview => self.overview(&mut lines),
            Page::Coverage => self.coverage(&mut lines),
            Page::Runs => self.runs(&mut lines),
            Page::Reference | Page::Walkthrough => {}
        }
        lines.written
    }

    fn overview(&self, lines: &mut Lines<'_>) {
        let fix = &self.debrief.first_fix;
        lines.heading("First thing to fix");
        let text = lines.theme.bold(Role::Text);
        for line in wrap(&fix.what, lines.cells.saturating_sub(2).max(8)) {
            lines.written.push(Line::styled(format!("  {line}"), text));
        }
        lines.text(&fix.why, 2, Role::Muted);
        lines.heading("Time");
        let longest = self.debrief.pacing.phases.iter().map(|phase| phase.spent.max(phase.budget)).max();
        for phase in &self.debrief.pacing.phases {
            pace(lines, phase, longest.unwrap_or_default());
        }
        lines.heading("Targets");
        self.targets(lines);
        lines.heading("Shown");
        for topic in Topic::ALL {
            let of_topic: Vec<&Covered> = self.debrief.coverage.iter().filter(|one| one.topic == topic).collect();
            if of_topic.is_empty() {
                continue;
            }
            let shown = of_topic.iter().filter(|one| one.proof.is_some()).count();
            share(lines, topic.title(), shown, of_topic.len());
        }
        let rights: Vec<bool> = predictions(&self.record).iter().filter_map(Foretold::right).collect();
        if !rights.is_empty() {
            share(lines, "Predictions that came true", rights.iter().filter(|right| **right).count(), rights.len());
        }
        if !self.record.decisions.is_empty() {
            lines.heading("Because");
            for decision in &self.record.decisions {
                let sign = lines.theme.sign("·", "-");
                lines.point(sign, Role::Muted, &decision.text, Role::Text);
            }
        }
    }

    fn targets(&self, lines: &mut Lines<'_>) {
        let Some(run) = &self.debrief.run else {
            lines.text("The design was never run.", 2, Role::Warning);
            return;
        };
        target_lines(lines, run);
        if let Some(why) = &run.bottleneck {
            lines.text(why, 2, Role::Muted);
        }
        for contradiction in &self.contradictions {
            lines.point("!", Role::Warning, &format!("{}.", contradiction.what), Role::Warning);
        }
    }

    fn coverage(&self, lines: &mut Lines<'_>) {
        for topic in Topic::ALL {
            let mut of_topic = self.debrief.coverage.iter().filter(|one| one.topic == topic).peekable();
            if of_topic.peek().is_none() {
                continue;
            }
            lines.heading(topic.title());
            for one in of_topic {
                match &one.proof {
                    Some(proof) => {
                        let tick = lines.theme.tick();
                        lines.point(tick, Role::Good, &one.text, Role::Text);
                        if let Some(said) = self.said(proof) {
                            lines.text(&said, 4, Role::Muted);
                        }
                    }
                    None if one.must => {
                        let cross = lines.theme.cross();
                        lines.point(cross, Role::Bad, &format!("{}: missing", one.text), Role::Text);
                    }
                    None => {
                        let sign = lines.theme.sign("·", "-");
                        lines.point(sign, Role::Muted, &format!("{}: not mentioned", one.text), Role::Muted);
                    }
                }
            }
        }
        if !self.record.probes.is_empty() {
            lines.heading("Questions of the deep dive");
            for asked in &self.record.probes {
                lines.point("?", Role::Accent, &asked.ask, Role::Text);
                let answer = asked.answer.trim();
                let (answer, role) = if answer.is_empty() { ("no answer", Role::Bad) } else { (answer, Role::Muted) };
                lines.text(&format!("You: {answer}"), 4, role);
                if let Some(probe) = self.problem.probes.iter().find(|probe| probe.ask == asked.ask) {
                    lines.text(&format!("A strong answer: {}", probe.good.trim()), 4, Role::Good);
                }
            }
        }
    }

    /// Where a proof was found, in words.
    fn said(&self, proof: &Proof) -> Option<String> {
        let title = |phase: usize| self.record.phases.get(phase).map_or("notes", |phase| phase.title.as_str());
        Some(match proof {
            Proof::Note { phase, line, text } => format!("{}, line {line}: {}", title(*phase), text.trim()),
            Proof::Decision { text, .. } => format!("because log: {text}"),
            Proof::Answer { text, .. } => format!("answer: {text}"),
            Proof::Design { text } => format!("design: {text}"),
            Proof::Run { number, text } => format!("run {}: {text}", number + 1),
            Proof::Silence | Proof::Always => return None,
        })
    }

    /// What was said of runs before they were made, and what they measured.
    fn predictions(&self, lines: &mut Lines<'_>) {
        if self.record.predictions.is_empty() {
            return;
        }
        lines.heading("Predictions");
        for foretold in predictions(&self.record) {
            let (sign, role) = match foretold.right() {
                Some(true) => (lines.theme.tick(), Role::Good),
                Some(false) => (lines.theme.cross(), Role::Bad),
                None => (lines.theme.sign("·", "-"), Role::Muted),
            };
            let prediction = foretold.prediction;
            lines.point(sign, role, &format!("\"{}\"", prediction.text), Role::Text);
            let fault = prediction.fault.as_ref().map(|fault| format!(", with {fault}")).unwrap_or_default();
            let run = match foretold.run {
                Some(run) => format!("at {}, held against run {}{fault}", prediction.at, run.number + 1),
                None => format!("at {}; no run followed{fault}", prediction.at),
            };
            lines.text(&run, 4, Role::Muted);
            for one in &foretold.judged {
                let (word, role) = if one.right { ("right", Role::Good) } else { ("wrong", Role::Bad) };
                lines.text(&format!("{word}: {}; measured: {}", one.claim, one.measured), 4, role);
            }
            if foretold.run.is_some() && foretold.judged.is_empty() {
                lines.text("nothing in it could be measured", 4, Role::Muted);
            }
        }
    }

    fn runs(&self, lines: &mut Lines<'_>) {
        self.predictions(lines);
        if self.record.runs.is_empty() {
            lines.text("The design was never run.", 0, Role::Muted);
            return;
        }
        lines.heading("Runs");
        for run in &self.record.runs {
            let all = run.targets().count();
            let met = run.targets().filter(|(_, target)| target.met).count();
            let why = match (&run.fault, run.trigger) {
                (Some(fault), _) => format!("with {fault}"),
                (None, Trigger::Edited) => "after an edit".to_owned(),
                (None, _) => "asked for".to_owned(),
            };
            let role = if met == all { Role::Good } else { Role::Bad };
            lines.spans(vec![
                Span::styled(format!("  {:>3}  at {}  ", run.number + 1, run.at), lines.theme.style(Role::Muted)),
                Span::styled(format!("{met} of {all} targets met  "), lines.theme.style(role)),
                Span::styled(why, lines.theme.style(Role::Muted)),
            ]);
        }
        if let Some(run) = &self.debrief.run {
            lines.heading("The run that counts");
            target_lines(lines, run);
            measured(lines, run);
        }
    }
}

/// How many of how many, as a bar.
fn share(lines: &mut Lines<'_>, title: &str, shown: usize, all: usize) {
    lines.spans(vec![
        Span::styled(format!("  {title:<28}"), lines.theme.style(Role::Text)),
        Span::styled(bar(lines.theme, shown as f64 / all as f64, 10), lines.theme.style(Role::Accent)),
        Span::styled(format!("  {shown} of {all}"), lines.theme.style(Role::Muted)),
    ]);
}

/// A phase's time as a bar against its budget.
fn pace(lines: &mut Lines<'_>, phase: &PhasePacing, longest: Elapsed) {
    let cells = lines.cells.saturating_sub(56).clamp(8, 40);
    let share = phase.spent.0 as f64 / longest.0.max(1) as f64;
    let over = phase.over();
    let (role, word) = match (phase.visited, over > Elapsed(0)) {
        (false, _) => (Role::Muted, "  not reached".to_owned()),
        (true, true) => (Role::Bad, format!("  +{over} over")),
        (true, false) => (Role::Good, String::new()),
    };
    let title = fit(&phase.title, 18, lines.theme.ellipsis()).into_owned();
    lines.spans(vec![
        Span::styled(format!("  {title:<18}  "), lines.theme.style(Role::Text)),
        Span::styled(bar(lines.theme, share, cells), lines.theme.style(role)),
        Span::styled(format!("  {} of {}", phase.spent, phase.budget), lines.theme.style(Role::Text)),
        Span::styled(word, lines.theme.style(role)),
    ]);
}

fn target_lines(lines: &mut Lines<'_>, run: &Run) {
    let targets: Vec<(&str, &TargetRun)> = run.targets().collect();
    if targets.is_empty() {
        lines.text("The design was held to no target.", 2, Role::Warning);
    }
    for (flow, target) in targets {
        let (sign, word, role) = judge(lines.theme, target.verdict, target.met);
        lines.spans(vec![
            Span::styled(format!("  {sign} {}  ", target.text), lines.theme.style(role)),
            Span::styled(format!("{} {word}", target.figure()), lines.theme.bold(role)),
            Span::styled(format!("  {flow}"), lines.theme.style(Role::Muted)),
        ]);
    }
}

/// The figures of a run: flows, then components.
fn measured(lines: &mut Lines<'_>, run: &Run) {
    lines.gap();
    let longest = run.flows.iter().map(|flow| width(&flow.name)).max().unwrap_or(4).clamp(4, 30);
    let head = format!("  {:<longest$}  {:>9}  {:>8}  {:>8}  {:>8}", "flow", "done", "errors", "p50", "p99");
    lines.text(&head, 0, Role::Muted);
    for flow in &run.flows {
        let name = fit(&flow.name, longest, lines.theme.ellipsis()).into_owned();
        let line = format!(
            "  {name:<longest$}  {:>9}  {:>8}  {:>8}  {:>8}",
            units::format_rate(flow.completed_per_s),
            units::format_percent(flow.error_ratio),
            units::format_duration(flow.p50),
            units::format_duration(flow.p99),
        );
        lines.written.push(Line::styled(line, lines.theme.style(Role::Text)));
    }
    lines.gap();
    for component in run.components.iter().filter(|component| component.kind != "client") {
        let name = fit(&component.name, 18, lines.theme.ellipsis()).into_owned();
        let mut spans = vec![Span::styled(format!("  {name:<18}  "), lines.theme.style(Role::Text))];
        spans.extend(meter(lines.theme, component.utilisation, 10));
        let waiting = units::format_count((component.queue_mean * 10.0).round() / 10.0);
        spans.push(Span::styled(format!("  {waiting} waiting"), lines.theme.style(Role::Muted)));
        lines.spans(spans);
    }
}
