//! A design in a few lines, to compare with what was meant.

use dryrun::design::{Action, Design, Load, Operation, Visit};

/// Components, then flows as calls in brackets: `web(lb(api(cache(db))))`.
pub fn outline(design: &Design) -> String {
    let mut lines: Vec<String> = design
        .components
        .iter()
        .map(|component| {
            let technology = component.technology.as_ref().map_or(String::new(), |id| format!("/{id}"));
            let region =
                component.region.map_or(String::new(), |id| format!(" in {}", design.regions[id.0 as usize].name));
            format!("{}: {}{technology} x{}{region}", component.name, component.kind, component.instances)
        })
        .collect();
    for flow in &design.flows {
        let load = match &flow.load {
            Load::Open { rate, arrivals } => format!("{rate}/s {arrivals:?}"),
            Load::Closed { users, think } => format!("{users} users thinking {think:?}"),
        };
        lines.push(format!("{} @ {load}: {}", flow.name, path(design, &flow.root, flow.operation)));
        for target in &flow.targets {
            lines.push(format!("  {}", target.text));
        }
    }
    lines.join("\n")
}

/// The path of a flow.
pub fn path(design: &Design, visit: &Visit, usual: Operation) -> String {
    let name = &design.component(visit.component).name;
    let operation = if visit.operation == usual { String::new() } else { format!(".{}", visit.operation.name()) };
    let then = actions(design, &visit.then, usual);
    if then.is_empty() { format!("{name}{operation}") } else { format!("{name}{operation}({then})") }
}

fn actions(design: &Design, list: &[Action], usual: Operation) -> String {
    let one = |action: &Action| match action {
        Action::Call(visit) => path(design, visit, usual),
        Action::HandOver(visit) => format!("~{}", path(design, visit, usual)),
        Action::AtOnce { need, branches } => {
            let inner: Vec<String> = branches.iter().map(|branch| actions(design, branch, usual)).collect();
            let any = if *need as usize == branches.len() { String::new() } else { format!("any {need} of ") };
            format!("{any}[{}]", inner.join(" & "))
        }
        Action::OneOf(branches) => {
            let inner = branches.iter().map(|(share, branch)| {
                format!("{:.0}% {}", share * 100.0, actions(design, branch, usual)).trim_end().to_owned()
            });
            format!("[{}]", inner.collect::<Vec<_>>().join(" | "))
        }
        Action::Repeat { times, at_once, actions: repeated } => {
            let sign = if *at_once { '&' } else { '*' };
            format!("{times} {sign} {}", actions(design, repeated, usual))
        }
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}
