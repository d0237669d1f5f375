//! Results held against the cheat-sheet that ships.

use dryrun::content::{Bank, Files};
use dryrun::estimate::{Rung, evaluate, place};

fn ladder() -> Vec<Rung> {
    Bank::new(Files::embedded(Vec::new())).ladder()
}

#[track_caller]
fn check(expression: &str, expected: &str) {
    let outcome = evaluate(expression).unwrap();
    let placement = place(&outcome, &ladder()).unwrap_or_else(|| panic!("{expression} has no place"));
    assert_eq!(placement.text, expected);
    assert!(!placement.source.is_empty());
}

#[test]
fn every_row_that_estimates_are_held_against_becomes_a_rung() {
    let bank = Bank::new(Files::embedded(Vec::new()));
    let limits = bank.numbers().iter().filter(|number| number.limits.is_some()).count();
    assert_eq!(bank.ladder().len(), limits);
    assert!(limits > 40, "{limits}");
}

#[test]
fn results_are_told_in_the_words_of_the_room() {
    check("1.2k writes/s", "1.2k writes/s: a tenth of one relational database primary; no sharding needed");
    check("writes = 100M/day", "1.16k/s: a tenth of one relational database primary; no sharding needed");
    check("91 TB", "91 TB: over one relational database node's 64 TiB; at least 2 of them");
    check("3.5M reads/s", "3.5M reads/s: over one relational database node's 50k reads/s; at least 70 of them");
    check("6k writes/s", "6k writes/s: two thirds of one relational database primary, whose limit is 20k writes/s");
    check("cache = 20 GB", "20 GB: a twentieth of one general purpose server; no sharding needed");
    check("30k messages/s", "30k messages/s: half of one Kafka broker; no sharding needed");
    check("150 ms", "150ms: as long as California to the Netherlands and back (Network, 2020), 150ms");
}

#[test]
fn an_uncertain_result_is_warned_of_its_upper_end() {
    check("2k to 40k writes/s", "8.94k writes/s: about one relational database primary, whose limit is 20k writes/s");
    check(
        "500 to 50k writes/s in writes/s",
        "5k writes/s: half of one relational database primary, whose limit is 20k writes/s",
    );
    check(
        "100 to 30k writes/s",
        "1.73k writes/s: a fifth of one relational database primary, but its upper end is over the limit of 20k writes/s",
    );
}

#[test]
fn what_no_machine_limits_has_no_place() {
    for expression in ["5", "100M users", "5 years", "$20k/month", "5 GB/user", "0/s"] {
        assert!(place(&evaluate(expression).unwrap(), &ladder()).is_none(), "{expression}");
    }
}
