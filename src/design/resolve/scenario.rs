//! What happens while the design runs, and how it is run.

use super::Resolver;
use crate::design::index::Index;
use crate::design::reading::{self, Variables};
use crate::design::syntax::{self, Piece, Statement};
use crate::design::{ComponentId, Design, Fault, FlowId, Place, ScenarioEvent, diagnostics};
use crate::source::{Diagnostic, Span};
use crate::units::{self, BareB};

/// Reads a line such as `at 30s: kill cache/0 for 20s` for a design that is compiled already.
///
/// # Errors
/// If it is no such line, or names what the design lacks; the span lies in `text`.
pub fn parse_event(text: &str, design: &Design) -> Result<ScenarioEvent, Diagnostic> {
    let (document, findings) = syntax::parse(text);
    let whole = Span::new(0, text.len());
    let event = document.items.iter().find_map(|item| match &item.statement {
        Statement::Event { at, fault, lasts } => Some((at, fault, lasts, item.span)),
        _ => None,
    });
    let Some((at, fault, lasts, span)) = event else {
        let found = findings.into_iter().next();
        return Err(
            found.unwrap_or_else(|| diagnostics::incomplete(whole, "the event", "at 30s: kill cache/0 for 20s"))
        );
    };
    let seconds = |piece: &Piece| {
        let quantity = reading::quantity(&piece.text, BareB::Byte, &Variables::new()).ok();
        let seconds = quantity.and_then(|quantity| quantity.as_seconds()).filter(|seconds| *seconds >= 0.0);
        seconds.ok_or_else(|| diagnostics::bad_duration(piece.span, &piece.text))
    };
    let duration = lasts.as_ref().map(seconds).transpose()?;
    let index = Index::of(design);
    let fault_read = Reading { design, index: &index, fault }.read()?;
    Ok(ScenarioEvent { at: seconds(at)?, duration, fault: fault_read, text: event_text(fault, lasts.as_ref()), span })
}

fn event_text(fault: &Piece, lasts: Option<&Piece>) -> String {
    lasts.map_or_else(|| fault.text.clone(), |lasts| format!("{} for {}", fault.text, lasts.text))
}

impl Resolver<'_> {
    /// `at 30s: kill cache/0 for 20s`
    pub(super) fn event(&mut self, at: &Piece, fault: &Piece, lasts: Option<&Piece>, span: Span, index: &Index) {
        let read = Reading { design: &self.design, index, fault }.read();
        let at = self.seconds(&at.text, at.span);
        let duration = lasts.map(|lasts| self.seconds(&lasts.text, lasts.span));
        match (read, at, duration) {
            (Ok(read), Some(at), None | Some(Some(_))) => {
                let text = event_text(fault, lasts);
                self.design.scenario.push(ScenarioEvent { at, duration: duration.flatten(), fault: read, text, span });
            }
            (Err(diagnostic), ..) => self.report(diagnostic),
            _ => {}
        }
    }

    /// `set for 120s`
    pub(super) fn setting(&mut self, key: &Piece, value: &Piece) {
        let place = if value.text.is_empty() { key.span } else { value.span };
        match (key.text.to_lowercase().as_str(), value.text.to_lowercase().as_str()) {
            ("for" | "duration", text) => {
                if let Some(seconds) = self.seconds(text, place) {
                    self.design.settings.simulated = Some(seconds);
                }
            }
            ("warmup" | "warm-up", text) => {
                if let Some(seconds) = self.seconds(text, place) {
                    self.design.settings.warmup = Some(seconds);
                }
            }
            ("seed", text) => match text.parse() {
                Ok(seed) => self.design.settings.seed = Some(seed),
                Err(_) => self.report(diagnostics::bad_setting(place, "seed", "7")),
            },
            ("network", "none" | "free") => self.design.settings.free_network = true,
            ("network", "default" | "on") => self.design.settings.free_network = false,
            ("network", _) => self.report(diagnostics::bad_setting(place, "network", "none")),
            ("caches" | "cache", "cold") => self.design.settings.cold_caches = true,
            ("caches" | "cache", "warm") => self.design.settings.cold_caches = false,
            ("caches" | "cache", _) => self.report(diagnostics::bad_setting(place, "caches", "cold")),
            (other, _) => self.report(diagnostics::unknown_setting(key.span, other)),
        }
    }
}

/// A fault being read.
struct Reading<'a> {
    design: &'a Design,
    index: &'a Index,
    fault: &'a Piece,
}

/// A fault's value and what it is about: `db` and `5x` of `slow db by 5x`.
struct Parts<'a> {
    subject: &'a str,
    value: &'a str,
}

impl Reading<'_> {
    fn read(&self) -> Result<Fault, Diagnostic> {
        let text = self.fault.text.as_str();
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        match verb.to_lowercase().as_str() {
            "kill" | "crash" => Ok(Fault::Kill(self.place(rest, "kill cache/0")?)),
            "slow" => {
                let parts = self.parts(rest, "slow db by 5x")?;
                Ok(Fault::Slow {
                    place: self.place(parts.subject, "slow db by 5x")?,
                    factor: self.factor(parts.value)?,
                })
            }
            "pause" => Ok(Fault::Pause(self.place(rest, "pause api/0 for 3s")?)),
            "partition" => self.partition(rest),
            "delay" => {
                let parts = self.parts(rest, "delay api -> db by 200ms")?;
                let (from, to) = self.arrow(parts.subject)?;
                Ok(Fault::Delay { from, to, by: self.seconds(parts.value)? })
            }
            "lose" | "loss" => {
                let parts = self.parts(rest, "lose 5% on api -> db")?;
                let (from, to) = self.arrow(parts.subject)?;
                Ok(Fault::Lose { from, to, ratio: self.ratio(parts.value)? })
            }
            "errors" | "error" | "fail" => {
                let parts = self.parts(rest, "errors 10% on api")?;
                let place = self.place(parts.subject, "errors 10% on api")?;
                Ok(Fault::Errors { place, ratio: self.ratio(parts.value)? })
            }
            "flush" => Ok(Fault::Flush(self.component(rest, "flush cache")?)),
            "hot" => self.hot_key(rest),
            "spike" | "ramp" | "drop" => self.load(&verb.to_lowercase(), rest),
            "fill" => Ok(Fault::Fill(self.component(rest, "fill queue")?)),
            "deploy" => Ok(Fault::Deploy(self.component(rest, "deploy api")?)),
            "rolling" => Ok(Fault::Deploy(self.component(rest.trim_start_matches("deploy "), "deploy api")?)),
            "lag" => self.lag(rest),
            "replication" => self.lag(rest.trim_start_matches("lag ")),
            "skew" => self.skew(rest),
            "clock" => self.skew(rest.trim_start_matches("skew ")),
            _ => Err(diagnostics::unknown_fault(self.fault.span, text)),
        }
    }

    fn incomplete(&self, example: &str) -> Diagnostic {
        diagnostics::incomplete_fault(self.fault.span, example)
    }

    /// Where `part` of the fault's text stands.
    fn span_of(&self, part: &str) -> Span {
        let text = &self.fault.text;
        let at = text.len() == self.fault.span.len();
        match text.find(part).filter(|_| at && !part.is_empty()) {
            Some(start) => Span::new(start, start + part.len()).shifted(self.fault.span.start),
            None => self.fault.span,
        }
    }

    /// The value first (`5% on api`) or last (`api by 5%`), without the words that join them.
    fn parts<'t>(&self, text: &'t str, example: &str) -> Result<Parts<'t>, Diagnostic> {
        let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        if let Some((subject, value)) = text.rsplit_once(' ').filter(|(_, value)| number(value)) {
            let subject = ["by", "to", "at"].iter().find_map(|word| subject.strip_suffix(word)).unwrap_or(subject);
            return Ok(Parts { subject: subject.trim(), value });
        }
        let (value, subject) = text.split_once(' ').unwrap_or((text, ""));
        if !number(value) {
            return Err(self.incomplete(example));
        }
        let subject =
            ["on ", "of ", "to ", "in "].iter().find_map(|word| subject.strip_prefix(word)).unwrap_or(subject);
        Ok(Parts { subject: subject.trim(), value })
    }

    fn quantity(&self, text: &str) -> Result<units::Quantity, Diagnostic> {
        units::literal(text, BareB::Billion)
            .map_err(|error| diagnostics::bad_figure(self.span_of(text), &error.message))
    }

    fn factor(&self, text: &str) -> Result<f64, Diagnostic> {
        let factor = self.quantity(text)?.as_count().filter(|factor| *factor >= 0.0 && factor.is_finite());
        factor.ok_or_else(|| diagnostics::bad_figure(self.span_of(text), "expected a factor such as 5x"))
    }

    fn ratio(&self, text: &str) -> Result<f64, Diagnostic> {
        let ratio = self.quantity(text)?.as_count().filter(|ratio| (0.0..=1.0).contains(ratio));
        ratio.ok_or_else(|| diagnostics::bad_figure(self.span_of(text), "expected a share such as 30%"))
    }

    fn seconds(&self, text: &str) -> Result<f64, Diagnostic> {
        let seconds = self.quantity(text)?.as_seconds().filter(|seconds| *seconds >= 0.0);
        seconds.ok_or_else(|| diagnostics::bad_duration(self.span_of(text), text))
    }

    fn component(&self, name: &str, example: &str) -> Result<ComponentId, Diagnostic> {
        let name = name.trim().trim_matches('"');
        if name.is_empty() {
            return Err(self.incomplete(example));
        }
        self.index.component(name).ok_or_else(|| {
            let known = self.design.components.iter().take(1000).map(|component| component.name.as_str());
            diagnostics::unknown_component(self.span_of(name), name, known)
        })
    }

    /// A component, an instance of it, a region, or a zone.
    fn place(&self, text: &str, example: &str) -> Result<Place, Diagnostic> {
        let text = text.trim();
        if let Some(zone) = text.strip_prefix("zone ") {
            let zone = zone
                .trim()
                .parse()
                .map_err(|_| diagnostics::bad_figure(self.span_of(zone), "expected a zone such as 1"))?;
            return Ok(Place::Zone(zone));
        }
        if let Some(name) = text.strip_prefix("region ") {
            return self.index.region(name.trim()).map(Place::Region).ok_or_else(|| {
                let known = self.design.regions.iter().take(1000).map(|region| region.name.as_str());
                diagnostics::unknown_region(self.span_of(name), name, known)
            });
        }
        let instance = text.rsplit_once('/').and_then(|(name, number)| Some((name, number.parse::<u32>().ok()?)));
        if let Some((name, number)) = instance {
            let id = self.component(name, example)?;
            let component = self.design.component(id);
            if number >= component.instances.max(1) {
                return Err(diagnostics::no_such_instance(self.span_of(text), &component.name, component.instances));
            }
            return Ok(Place::Instance(id, number));
        }
        match (self.index.component(text), self.index.region(text)) {
            (None, Some(region)) => Ok(Place::Region(region)),
            _ => self.component(text, example).map(Place::Component),
        }
    }

    fn partition(&self, text: &str) -> Result<Fault, Diagnostic> {
        let separators = [" and ", " from ", ", ", " | ", " <-> ", " -> ", " "];
        let ends = separators.iter().find_map(|separator| text.split_once(separator));
        let (a, b) = ends.ok_or_else(|| self.incomplete("partition api from db"))?;
        let place = |text| self.place(text, "partition api from db");
        Ok(Fault::Partition(place(a)?, place(b)?))
    }

    fn arrow(&self, text: &str) -> Result<(ComponentId, ComponentId), Diagnostic> {
        let example = "delay api -> db by 200ms";
        let (from, to) =
            text.split_once("->").or_else(|| text.split_once("~>")).ok_or_else(|| self.incomplete(example))?;
        Ok((self.component(from, example)?, self.component(to, example)?))
    }

    fn flow(&self, name: &str) -> Result<FlowId, Diagnostic> {
        self.index.flow(name).ok_or_else(|| {
            let known = self.design.flows.iter().map(|flow| flow.name.as_str());
            diagnostics::unknown_flow(self.span_of(name), name, known)
        })
    }

    /// `hot key 30% on GET /{code}`
    fn hot_key(&self, text: &str) -> Result<Fault, Diagnostic> {
        let text = text.strip_prefix("key").map_or(text, str::trim_start);
        let parts = self.parts(text, "hot key 30% on GET /{code}")?;
        let flow = match (parts.subject, self.design.flows.len()) {
            ("", 1) => FlowId(0),
            ("", _) => return Err(self.incomplete("hot key 30% on GET /{code}")),
            (name, _) => self.flow(name)?,
        };
        Ok(Fault::HotKey { flow, share: self.ratio(parts.value)? })
    }

    /// `spike GET /{code} 5x`, `ramp 3x`, `drop POST /links by 80%`
    fn load(&self, verb: &str, text: &str) -> Result<Fault, Diagnostic> {
        let parts = self.parts(text, &format!("{verb} GET /{{code}} 5x"))?;
        let flow = if parts.subject.is_empty() { None } else { Some(self.flow(parts.subject)?) };
        let figure = self.factor(parts.value)?;
        let to = text.contains(" to ") || parts.value.ends_with('x');
        Ok(match verb {
            "ramp" => Fault::Ramp { flow, factor: figure },
            // A drop by 80% leaves a fifth.
            "drop" if !to => Fault::Spike { flow, factor: (1.0 - figure).max(0.0) },
            _ => Fault::Spike { flow, factor: figure },
        })
    }

    fn lag(&self, text: &str) -> Result<Fault, Diagnostic> {
        let parts = self.parts(text, "lag db by 5s")?;
        Ok(Fault::ReplicationLag {
            component: self.component(parts.subject, "lag db by 5s")?,
            by: self.seconds(parts.value)?,
        })
    }

    fn skew(&self, text: &str) -> Result<Fault, Diagnostic> {
        let parts = self.parts(text, "skew locks by 500ms")?;
        let component = self.component(parts.subject, "skew locks by 500ms")?;
        Ok(Fault::ClockSkew { component, by: self.seconds(parts.value)? })
    }
}
