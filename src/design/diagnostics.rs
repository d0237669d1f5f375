//! Everything the front end has to say, as one list: where, what is wrong, what would be right.

use super::schema::{Attribute, ValueKind};
use crate::source::{Diagnostic, Span, nearest};

/// `did you mean 'x'?` if one of the candidates is near.
fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|name| format!("did you mean '{name}'?"))
}

fn with(diagnostic: Diagnostic, help: Option<String>) -> Diagnostic {
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

// -- values

/// A value that is not of its attribute's sort.
pub(super) fn wrong_value(span: Span, attribute: &Attribute, text: &str) -> Diagnostic {
    let wanted = attribute.value.expected();
    if text.is_empty() {
        return Diagnostic::error(span, format!("'{}' lacks its value", attribute.name)).help(format!(
            "write {wanted}: {} {}",
            attribute.name,
            attribute.value.example()
        ));
    }
    Diagnostic::error(span, format!("'{}' wants {wanted}, not '{text}'", attribute.name))
}

/// A literal whose number or unit can't be read.
pub(super) fn bad_literal(span: Span, attribute: &Attribute, message: &str, help: Option<String>) -> Diagnostic {
    let help = help.unwrap_or_else(|| format!("'{}' wants {}", attribute.name, attribute.value.expected()));
    Diagnostic::error(span, message).help(help)
}

/// A bare number where a unit is needed.
pub(super) fn missing_unit(span: Span, attribute: &Attribute, text: &str) -> Diagnostic {
    let unit = match attribute.value {
        ValueKind::Ratio => "%",
        ValueKind::Duration | ValueKind::Distribution => "ms",
        ValueKind::Size => "GB",
        ValueKind::Rate => "/s",
        _ => "MB/s",
    };
    Diagnostic::error(span, format!("'{}' lacks a unit", attribute.name)).help(format!("did you mean '{text}{unit}'?"))
}

/// A value that the attribute can't take: below zero, or a share above one.
pub(super) fn out_of_range(span: Span, attribute: &Attribute, limits: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{}' is {limits}", attribute.name))
}

/// A word that is none of the choices.
pub(super) fn wrong_choice(span: Span, attribute: &Attribute, text: &str) -> Diagnostic {
    let choices = attribute.choices.join(", ");
    let help = suggestion(text, attribute.choices.iter().copied()).unwrap_or_else(|| format!("one of: {choices}"));
    Diagnostic::error(span, format!("'{}' can't be '{text}'", attribute.name)).help(help)
}

/// A distribution that is not known or whose arguments make no sense.
pub(super) fn bad_distribution(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(span, message).help(
        "one of: 5ms, fixed 5ms, exp 5ms, lognormal(p50 5ms, p99 40ms), uniform(1ms, 9ms), pareto(min 1ms, shape 1.5), erlang(k 3, mean 5ms)",
    )
}

/// A number of keys that can't be read.
pub(super) fn bad_keys(span: Span, text: &str) -> Diagnostic {
    let message =
        if text.is_empty() { "expected a number of keys".to_owned() } else { format!("'{text}' is no key popularity") };
    Diagnostic::error(span, message).help("write: keys 1B zipf 0.9, or keys 10M uniform")
}

/// An attribute that does not exist.
pub(super) fn unknown_attribute<'a>(
    span: Span,
    name: &str,
    owner: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(span, format!("unknown attribute '{name}' of {owner}"));
    with(diagnostic, suggestion(name, known))
}

// -- syntax

/// A closing brace or `end` without its opening.
pub(super) fn closes_nothing(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{text}' closes nothing"))
}

/// An opening without its closing.
pub(super) fn never_closed(span: Span, opening: &str, closing: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{opening}' is never closed")).help(format!("put '{closing}' where it ends"))
}

/// A token that can't stand there.
pub(super) fn unexpected(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("unexpected '{text}' in a path"))
        .help("a path reads: users -> lb -> api -> cache, db")
}

/// No name where a box must be.
pub(super) fn expected_name(span: Span, found: Option<&str>) -> Diagnostic {
    match found {
        Some(found) => Diagnostic::error(span, format!("expected the name of a component, not '{found}'")),
        None => Diagnostic::error(span, "expected the name of a component"),
    }
}

/// A count that is no whole number above zero.
pub(super) fn bad_count(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{text}' is no count")).help("write a whole number from 1 to 1M")
}

/// `any 3 of` two.
pub(super) fn needs_too_many(span: Span, need: u32, members: usize) -> Diagnostic {
    let list = if members == 1 { "one".to_owned() } else { members.to_string() };
    Diagnostic::error(span, format!("'any {need} of' chooses from {list}"))
        .help("name the branches in parentheses: any 2 of (b & c & d)")
}

/// Parentheses beyond all reason.
pub(super) fn nested_too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(span, "parentheses are nested too deep")
}

/// An arrow behind a bare list, which could mean two things.
pub(super) fn arrow_after_list(span: Span, list: &str, last: &str, called: &str) -> Diagnostic {
    let before = list.strip_suffix(last).unwrap_or("");
    Diagnostic::error(span, "an arrow after a list could mean two things").help(format!(
        "write '{before}({last} -> {called})' if only '{last}' goes on, or '({list}) -> {called}' if each does"
    ))
}

/// `a <- b`
pub(super) fn arrow_points_back(span: Span) -> Diagnostic {
    Diagnostic::error(span, "arrows point from the caller to the called").help("write 'b -> a' for 'a <- b'")
}

/// A statement that begins like none.
pub(super) fn no_statement(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this is no statement of the language").help(
        "a component 'db: postgres, replicas 2', a path 'users -> api -> db', or a flow 'GET /x @ 5k/s: users -> api'",
    )
}

/// A head without its colon or what follows it.
pub(super) fn incomplete(span: Span, what: &str, example: &str) -> Diagnostic {
    Diagnostic::error(span, format!("{what} is not complete")).help(format!("write: {example}"))
}

/// A rate that is followed by a path without a colon between them.
pub(super) fn missing_colon(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a colon is missing between the flow's head and its path")
        .help("write: GET /x @ 5k/s: users -> api")
}

/// A label on an arrow.
pub(super) fn label_dropped(span: Span, text: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{text}' is taken as a label, which has no effect"))
}

/// A group is read as a region.
pub(super) fn group_is_region(span: Span, name: &str) -> Diagnostic {
    Diagnostic::note(span, format!("the group '{name}' is taken as a region"))
        .help("calls between regions cost the network's time; leave the group out if it only has a name")
}

/// Replicas of what keeps no data.
pub(super) fn replicas_of_stateless(span: Span, owner: &str, count: &str) -> Diagnostic {
    let count = if count.chars().all(|c| c.is_ascii_digit()) && !count.is_empty() { count } else { "3" };
    Diagnostic::error(span, format!("'{owner}' keeps no data to replicate"))
        .help(format!("it has instances: write 'x{count}'"))
}

// -- targets

/// What is no target.
pub(super) fn bad_target(span: Span, text: &str) -> Diagnostic {
    let message = if text.is_empty() { "expected a target".to_owned() } else { format!("'{text}' is no target") };
    Diagnostic::error(span, message)
        .help("write one such as: p99 < 200ms, errors < 0.1%, throughput > 10k/s, availability > 99.9%")
}

/// A metric that is not known.
pub(super) fn unknown_metric(span: Span, text: &str) -> Diagnostic {
    let known = [
        "p50",
        "p90",
        "p95",
        "p99",
        "p999",
        "mean",
        "max",
        "errors",
        "throughput",
        "lag",
        "availability",
        "cost",
        "utilisation",
        "hit ratio",
    ];
    let help = suggestion(text, known).unwrap_or_else(|| format!("one of: {}", known.join(", ")));
    Diagnostic::error(span, format!("unknown metric '{text}'")).help(help)
}

/// A bound that its metric can't have.
pub(super) fn bad_bound(span: Span, metric: &str, expected: &str, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{metric}' is compared with {expected}, not '{text}'"))
}

// -- names

/// A word behind a colon that is no kind and no technology.
pub(super) fn unknown_kind<'a>(span: Span, text: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let help = suggestion(text, known)
        .unwrap_or_else(|| "one of the kinds (service, cache, sql, queue, ...) or a technology".to_owned());
    Diagnostic::error(span, format!("unknown kind or technology '{text}'")).help(help)
}

/// An undeclared name that says nothing.
pub(super) fn assumed_service<'a>(span: Span, name: &str, declared: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let numbers_apart = |other: &str| {
        let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().to_lowercase();
        letters(other) == letters(name)
    };
    let near = suggestion(name, declared.into_iter().filter(|other| !numbers_apart(other)));
    let help = if name.contains(':') {
        "a colon ends a name only where white space follows it".to_owned()
    } else {
        near.unwrap_or_else(|| format!("if it is something else, say what: '{name}: postgres', '{name}: queue'"))
    };
    Diagnostic::note(span, format!("'{name}' is taken as a service")).help(help)
}

/// An undeclared name of which one word says something.
pub(super) fn guessed(span: Span, name: &str, kind: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{name}' is taken as {kind}, by its name"))
        .help(format!("if it is something else, say what: '{name}: service'"))
}

/// The first box of a flow has a name that means something else.
pub(super) fn assumed_client(span: Span, name: &str, kind: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{name}' is the client here, because the flow starts at it"))
        .help(format!("for a {kind}, put the client in front: users -> {name} -> ..."))
}

/// A flow that starts at a component which is no client.
pub(super) fn added_client(span: Span, flow: &str, name: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{flow}' starts at '{name}', which is no client: one was put in front of it"))
}

/// A second declaration.
pub(super) fn declared_twice(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(span, format!("'{name}' is declared twice"))
        .label(first, "first declared here")
        .help("the first declaration counts")
}

/// A number of instances that is none.
pub(super) fn no_instances(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a component has at least one instance").help("leave it out of the design, or write x1")
}

/// A component that nothing else names.
pub(super) fn unknown_component<'a>(span: Span, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    with(Diagnostic::error(span, format!("there is no component '{name}'")), suggestion(name, known))
}

/// A region that no statement makes.
pub(super) fn unknown_region<'a>(span: Span, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let help = suggestion(name, known).unwrap_or_else(|| format!("make it: region {name}: lb, api"));
    Diagnostic::error(span, format!("there is no region '{name}'")).help(help)
}

/// A component in two regions.
pub(super) fn in_two_regions(span: Span, name: &str, first: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{name}' stands in region '{first}' already"))
        .help("a component stands in one region: declare one for each")
}

/// An operation that does not exist.
pub(super) fn unknown_operation(span: Span, text: &str) -> Diagnostic {
    let help = suggestion(text, ["read", "write", "delete", "search"])
        .unwrap_or_else(|| "one of: read, write, delete, search".to_owned());
    Diagnostic::error(span, format!("unknown operation '{text}'")).help(help)
}

// -- flows

/// A flow's name that another has.
pub(super) fn flow_twice(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::error(span, format!("there are two flows '{name}'"))
        .label(first, "the first one")
        .help("give each flow its own name")
}

/// More flows than are looked at.
pub(super) fn too_many_flows(span: Span, most: usize) -> Diagnostic {
    Diagnostic::error(span, format!("a design has at most {most} flows: this one and those behind it are left out"))
}

/// A flow without a name.
pub(super) fn unnamed_flow(span: Span, name: &str) -> Diagnostic {
    Diagnostic::note(span, format!("the flow without a name is called '{name}', and it reads"))
        .help("name it to say more: 'POST /links @ 1k/s: users -> api -> db'")
}

/// A rate that can't be read.
pub(super) fn bad_rate(span: Span, text: &str) -> Diagnostic {
    if text.is_empty() {
        return Diagnostic::error(span, "the flow's rate is missing")
            .help("write: @ 5k/s, @ 100M/day peak 3x, or @ 500 users");
    }
    Diagnostic::error(span, format!("'{text}' is no rate")).help("write: @ 5k/s, @ 100M/day peak 3x, or @ 500 users")
}

/// A bare number as a rate.
pub(super) fn assumed_per_second(span: Span, text: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{text}' is taken as {text} a second")).help(format!("write '{text}/s'"))
}

/// Two kinds of load at once.
pub(super) fn rate_and_users(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the flow has a rate and users; the users are left out")
        .help("a rate comes whatever the answers do, users wait for them: '@ 500 users, think 2s' or '@ 5k/s'")
}

/// `arrivals from` without a file.
pub(super) fn arrivals_from_nowhere(span: Span) -> Diagnostic {
    Diagnostic::error(span, "arrivals from which file?").help(
        "name it, relative to the design's own: '@ from traffic.csv', with a time, or a time and a rate, on each line",
    )
}

/// Users who don't think.
pub(super) fn assumed_think(span: Span) -> Diagnostic {
    Diagnostic::note(span, "users are taken to think for 1s between requests").help("write: @ 500 users, think 2s")
}

/// A latency target without a percentile.
pub(super) fn assumed_p99(span: Span) -> Diagnostic {
    Diagnostic::note(span, "'latency' is taken as the 99th percentile")
        .help("name the figure: p50, p95, p99, mean, max")
}

/// A later line of a flow that starts where the flow never comes.
pub(super) fn not_reached<'a>(span: Span, name: &str, reached: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let help = suggestion(name, reached)
        .unwrap_or_else(|| "a later line of a flow goes on from a component that the flow has reached".to_owned());
    Diagnostic::error(span, format!("the flow has not reached '{name}'")).help(help)
}

/// A path that goes on from a named flow although it stands apart.
pub(super) fn joined_flow(span: Span, name: &str, flow: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{name}' goes on in the flow '{flow}', which has reached it"))
        .help("indent the line to make it part of the flow, or start it at a client to make it a flow of its own")
}

/// A later line that does not start with a single box.
pub(super) fn starts_with_list(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a path starts at one component").help("write a line for each")
}

/// A flow whose first box stands alone.
pub(super) fn leads_nowhere(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(span, format!("the flow '{name}' leads nowhere")).help("write its path: users -> api -> db")
}

/// Shares that don't add up.
pub(super) fn shares_exceed(span: Span, percent: f64) -> Diagnostic {
    Diagnostic::error(span, format!("the shares add up to {percent}%"))
        .help("shares of one choice add up to 100% at most")
}

/// More visits than can be simulated.
pub(super) fn flow_too_large(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the flow's path is too long or too deep to follow").help("split the flow in two")
}

/// A client that is called.
pub(super) fn answers_come_back(span: Span) -> Diagnostic {
    Diagnostic::note(span, "the arrow back to the client is left out: answers come back by themselves")
}

// -- wiring, scenario, settings

/// A link that no flow takes.
pub(super) fn unused_link(span: Span, from: &str, to: &str) -> Diagnostic {
    Diagnostic::warning(span, format!("no flow goes from '{from}' to '{to}', so this has no effect"))
}

/// An attribute given twice.
pub(super) fn attribute_twice(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(span, format!("'{name}' is given twice; the last one counts"))
}

/// A duration that can't be read, of a statement that needs one.
pub(super) fn bad_duration(span: Span, text: &str) -> Diagnostic {
    let message = if text.is_empty() { "expected a duration".to_owned() } else { format!("'{text}' is no duration") };
    Diagnostic::error(span, message).help("write one such as 30s, 200ms or 2min")
}

/// A fault that does not exist.
pub(super) fn unknown_fault(span: Span, text: &str) -> Diagnostic {
    let known = [
        "kill",
        "slow",
        "pause",
        "partition",
        "delay",
        "lose",
        "errors",
        "flush",
        "hot",
        "spike",
        "ramp",
        "drop",
        "fill",
        "deploy",
        "lag",
        "skew",
    ];
    let word = text.split(' ').next().unwrap_or("");
    let help = suggestion(word, known).unwrap_or_else(|| format!("one of: {}", known.join(", ")));
    Diagnostic::error(span, format!("unknown fault '{word}'")).help(help)
}

/// A fault that lacks something.
pub(super) fn incomplete_fault(span: Span, example: &str) -> Diagnostic {
    Diagnostic::error(span, "the fault is not complete").help(format!("write: {example}"))
}

/// An instance that the component doesn't have.
pub(super) fn no_such_instance(span: Span, name: &str, instances: u32) -> Diagnostic {
    let has = if instances == 1 { "one instance, 0".to_owned() } else { format!("instances 0 to {}", instances - 1) };
    Diagnostic::error(span, format!("'{name}' has {has}"))
}

/// A flow that does not exist.
pub(super) fn unknown_flow<'a>(span: Span, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    with(Diagnostic::error(span, format!("there is no flow '{name}'")), suggestion(name, known))
}

/// A setting that does not exist.
pub(super) fn unknown_setting(span: Span, name: &str) -> Diagnostic {
    let known = ["for", "warmup", "seed", "network", "caches"];
    let help = suggestion(name, known).unwrap_or_else(|| format!("one of: {}", known.join(", ")));
    Diagnostic::error(span, format!("unknown setting '{name}'")).help(help)
}

/// A setting's value that makes no sense.
pub(super) fn bad_setting(span: Span, name: &str, example: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{name}' can't be set to that")).help(format!("write: set {name} {example}"))
}

/// A figure of a fault that can't be read.
pub(super) fn bad_figure(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error(span, message)
}

// -- what an interviewer would ask

/// A component that carries no load.
pub(super) fn unreached(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(span, format!("no flow reaches '{name}'")).help("put it on a path, or take it out")
}

/// A cache that nothing is read from.
pub(super) fn only_written(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(span, format!("'{name}' is only written: no flow reads from it"))
        .help("a cache pays off in front of reads; give the flow that reads a path through it")
}

/// Consumers in a request's latency.
pub(super) fn queue_waited_for(span: Span, name: &str, target: &str, place: Span) -> Diagnostic {
    Diagnostic::warning(span, format!("the answer waits for the consumers of '{name}', under {target}"))
        .label(place, "the target")
        .help("hand over and answer at once: '~>' in place of '->'")
}

/// Consumers without a partition.
pub(super) fn idle_consumers(span: Span, name: &str, instances: u32, stream: &str, partitions: f64) -> Diagnostic {
    let idle = f64::from(instances) - partitions;
    Diagnostic::warning(
        span,
        format!("{idle} of the {instances} instances of '{name}' have no partition of '{stream}' to read"),
    )
    .help(format!("a partition has one consumer of a group: write 'partitions {instances}' or 'x{partitions}'"))
}

/// Single instances on every path.
pub(super) fn single_points(span: Span, names: &[&str], promised: bool) -> Diagnostic {
    let list = names.join(", ");
    let (have, each) = if names.len() == 1 { ("is a single point", "it") } else { ("are single points", "each") };
    let message = format!("{list} {have} of failure: one instance, on every path");
    let found = if promised { Diagnostic::warning(span, message) } else { Diagnostic::note(span, message) };
    found.help(format!("give {each} a second instance (x2) or a replica (replicas 1)"))
}

/// A timeout that fires after its caller's.
pub(super) fn timeout_too_long(span: Span, caller: &str, outer: Span) -> Diagnostic {
    Diagnostic::warning(span, format!("'{caller}' gives up before this timeout: the work goes on for nobody"))
        .label(outer, "the caller's timeout")
        .help("timeouts get shorter with every hop")
}

/// Retries that multiply the load when it is highest.
pub(super) fn unbounded_retries(span: Span, retries: f64) -> Diagnostic {
    let times = retries + 1.0;
    Diagnostic::note(span, format!("when the callee is overloaded, these retries multiply its load by {times}"))
        .help("bound them: 'budget 20%' or 'breaker 50%'")
}

/// A read that all shards must answer.
pub(super) fn scattered_read(span: Span, flow: &str, store: &str, by: &str) -> Diagnostic {
    Diagnostic::warning(
        span,
        format!("'{flow}' does not carry '{by}', by which '{store}' is divided: it asks every shard"),
    )
    .help("divide by what most reads carry, or keep a second copy in that order")
}

/// A read in the asynchronous part of a read flow.
pub(super) fn reads_later(span: Span, store: &str) -> Diagnostic {
    Diagnostic::note(span, format!("the flow reads, so '{store}' is read here, too"))
        .help(format!("if it stores something, write '{store}.write'"))
}

/// A target that the way alone breaks.
pub(super) fn below_the_floor(span: Span, target: &str, floor: f64) -> Diagnostic {
    let floor = crate::units::format_duration(floor);
    Diagnostic::warning(span, format!("{target} can't be met: this path's floor is {floor}"))
        .help("network and fixed work alone take that long: shorten the path, or bring its ends nearer")
}
