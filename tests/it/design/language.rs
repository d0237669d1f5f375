//! What each construct of the language means.

use super::catalogue::catalogue;
use super::outline::{outline, path};
use dryrun::design::{
    Arrivals, Component, Design, Distribution, Fault, Load, Operation, Place, Source, Value, compile, compile_with,
    parse_event,
};
use dryrun::source::Severity;
use dryrun::units::{BareB, literal};

/// The design of a text that has no error.
#[track_caller]
fn design(text: &str) -> Design {
    let compiled = compile(text, &catalogue());
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    compiled.design
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(outline(&design(text)), expected);
}

/// The path of the first flow.
#[track_caller]
fn check_path(text: &str, expected: &str) {
    let design = design(text);
    let flow = &design.flows[0];
    assert_eq!(path(&design, &flow.root, flow.operation), expected, "{text}");
}

#[track_caller]
fn component<'a>(design: &'a Design, name: &str) -> &'a Component {
    design.component(design.find(name).expect("the component is in the design"))
}

#[test]
fn one_line_is_a_design() {
    check(
        "users -> lb -> api -> redis -> postgres",
        "users: client x1
lb: load-balancer/load-balancer x1
api: service/service x1
redis: cache/redis x1
postgres: sql/postgres x1
requests @ 1/s Poisson: users(lb(api(redis(postgres))))",
    );
    check(
        "users -> api @ 5k/s, p99 < 100ms, errors < 1%",
        "users: client x1
api: service/service x1
requests @ 5000/s Poisson: users(api)
  p99 < 100ms
  errors < 1%",
    );
}

#[test]
fn a_whole_design_means_what_it_says() {
    let text = "# Link shortener, 100M new links a day
web:   client, region us-east
edge:  cdn, ttl 24h
api:   service x12, work 2ms
cache: redis x3, memory 64GB, ttl 24h
db:    postgres, replicas 2, shards 4 by code

GET /{code} @ 115k/s, keys 1B zipf 0.9, p99 < 100ms, errors < 0.1%:
    web -> edge -> lb -> api -> cache -> db
POST /links @ 1.2k/s, p99 < 300ms:
    web -> lb -> api -> ids, db
    api ~> clicks: stream -> counter x4 -> db

api -> db: timeout 200ms, retry 2, backoff 50ms, jitter full

at 30s: kill cache/0 for 20s
at 90s: spike GET /{code} 5x for 15s
";
    check(
        text,
        "web: client/client x1 in us-east
edge: cdn/cdn x1
api: service/service x12
cache: cache/redis x3
db: sql/postgres x1
lb: load-balancer/load-balancer x1
ids: service x1
clicks: stream x1
counter: service x4
GET /{code} @ 115000/s Poisson: web(edge(lb(api(cache(db)))))
  p99 < 100ms
  errors < 0.1%
POST /links @ 1200/s Poisson: web(lb(api(ids, db, ~clicks(counter(db)))))
  p99 < 300ms"
            .replace("web: client/client", "web: client")
            .replace("cdn/cdn", "cdn")
            .as_str(),
    );
    let design = design(text);
    assert_eq!((design.flows[0].keys.keys, design.flows[0].keys.zipf), (1e9, 0.9));
    let db = component(&design, "db");
    assert_eq!((db.parameters.number("shards"), db.parameters.word("by")), (Some(4.0), Some("code")));
    let link = &design.links[0];
    let of = |name| link.parameters.duration(name);
    assert_eq!((of("timeout"), of("backoff"), link.parameters.word("jitter")), (Some(0.2), Some(0.05), Some("full")));
    assert_eq!(design.scenario.len(), 2);
    assert_eq!((design.scenario[0].at, design.scenario[0].duration), (30.0, Some(20.0)));
}

#[test]
fn names_say_what_they_are() {
    let kind = |name: &str| {
        let design = design(&format!("users -> {name}"));
        let found = &design.components[1];
        format!("{}{}", found.kind, found.technology.as_ref().map_or(String::new(), |id| format!("/{id}")))
    };
    for (name, expected) in [
        ("redis", "cache/redis"),
        ("Redis", "cache/redis"),
        ("elasticache", "cache/redis"),
        ("postgresql", "sql/postgres"),
        ("queue", "queue"),
        ("queues", "queue"),
        ("lb", "load-balancer/load-balancer"),
        ("load balancer", "load-balancer"),
        ("load-balancer", "load-balancer"),
        ("database", "sql"),
        ("object storage", "blob"),
        ("orders-db", "sql/postgres"),
        ("redis cache", "cache/redis"),
        ("kafka-clicks", "stream/kafka"),
        ("billing worker", "worker"),
        ("ids", "service"),
    ] {
        assert_eq!(kind(name), expected, "{name}");
    }
}

#[test]
fn the_first_box_is_the_client_whatever_it_is_called() {
    check("app -> api", "app: client x1\napi: service/service x1\nrequests @ 1/s Poisson: app(api)");
    check("lb -> api", "lb: client x1\napi: service/service x1\nrequests @ 1/s Poisson: lb(api)");
    check(
        "api: service x3\nGET /x @ 5/s: api -> db",
        "api: service/service x3
db: sql/postgres x1
client: client x1
GET /x @ 5/s Poisson: client(api(db))",
    );
    check("GET /health: api", "api: service/service x1\nclient: client x1\nGET /health @ 1/s Poisson: client(api)");
}

#[test]
fn a_diagram_drawn_arrow_by_arrow_is_one_flow() {
    check_path("client -> lb\nlb -> api\napi -> cache\napi -> db", "client(lb(api(cache, db)))");
    check_path("lb -> api\napi -> db\nclient -> lb", "client(lb(api(db)))");
    check_path("client -> api\napi -> auth\nauth -> api", "client(api(auth(api)))");
    let two = design("users -> lb -> api\nbatch: client\nbatch -> api\napi -> db");
    let paths: Vec<String> = two.flows.iter().map(|flow| path(&two, &flow.root, flow.operation)).collect();
    assert_eq!(paths, ["users(lb(api(db)))", "batch(api(db))"]);
    assert_eq!(two.flows[1].name, "requests to api");
}

#[test]
fn paths_call_in_the_order_and_the_manner_written() {
    check_path("a -> b -> c", "a(b(c))");
    check_path("a -> b ~> c -> d", "a(b(~c(d)))");
    check_path("a -> b, c", "a(b, c)");
    check_path("a -> b & c", "a([b & c])");
    check_path("a -> any 2 of (b & c & d)", "a(any 2 of [b & c & d])");
    check_path("a -> 80% b | 20% c", "a([80% b | 20% c])");
    check_path("a -> 30% b", "a([30% b | 70%])");
    check_path("a -> b | c", "a([50% b | 50% c])");
    check_path("a -> 10 * db", "a(10 * db)");
    check_path("a -> 200 & timelines", "a(200 & timelines)");
    check_path("a -> (b -> c), d", "a(b(c), d)");
    check_path("a -> (b, c) -> d", "a(b(d), c(d))");
    check_path("a -> (80% b | 20% c) -> d", "a([80% b(d) | 20% c(d)])");
    check_path("a -> b, 80% c | 20% d & e", "a(b, [80% c | 20% [d & e]])");
    check_path("a -> 3 * (b -> c)", "a(3 * b(c))");
    check_path("a -> b <-> c", "a(b(c(b)))");
    check_path("a <-> b", "a(b)");
    check_path("a ->\n  b\n  -> c", "a(b(c))");
}

#[test]
fn operations_are_the_flows_unless_the_path_says_otherwise() {
    let operation = |head: &str| design(&format!("{head} @ 1/s: web -> db")).flows[0].operation;
    assert_eq!(operation("GET /x"), Operation::Read);
    assert_eq!(operation("HEAD /x"), Operation::Read);
    assert_eq!(operation("POST /x"), Operation::Write);
    assert_eq!(operation("DELETE /x"), Operation::Write);
    assert_eq!(operation("redirect"), Operation::Write);
    check_path(
        "POST /x: web -> api -> db.read, cache.delete, search.search, db",
        "web(api(db.read, cache.delete, search.search, db))",
    );
    check_path("GET /x: web -> api -> db.write, cache.invalidate, db.get", "web(api(db.write, cache.delete, db))");
    check_path("a.b: service\nweb -> a.b -> \"c.d\".write", "web(a.b(c.d.write))");
}

#[test]
fn later_lines_go_on_from_where_the_flow_has_been() {
    check_path(
        "POST /x @ 1/s:\n  web -> api -> db\n  api ~> queue -> worker\n  # why\n  worker -> s3",
        "web(api(db, ~queue(worker(s3))))",
    );
    check_path(
        "GET /x @ 1/s:\n  web -> 80% a | 20% b\n  a -> db\n  b -> db\n  db ~> log: stream",
        "web([80% a(db(~log)) | 20% b(db(~log))])",
    );
    check_path("GET /x: web -> api\napi -> db", "web(api(db))");
}

#[test]
fn loads_are_open_or_closed() {
    let load = |rate: &str| design(&format!("GET /x @ {rate}: web -> api")).flows[0].load.clone();
    let open = |rate: f64, arrivals: Arrivals| Load::Open { rate, arrivals };
    assert_eq!(load("115k/s"), open(115e3, Arrivals::Poisson));
    assert_eq!(load("5k rps"), open(5e3, Arrivals::Poisson));
    assert_eq!(load("86.4M/day"), open(1000.0, Arrivals::Poisson));
    assert_eq!(load("86.4M/day peak 3x"), open(3000.0, Arrivals::Poisson));
    assert_eq!(load("5k"), open(5e3, Arrivals::Poisson));
    assert_eq!(load("10/s, arrivals fixed"), open(10.0, Arrivals::Fixed));
    assert_eq!(load("10/s, batch 20"), open(10.0, Arrivals::Batch(20)));
    assert_eq!(load("10/s, ramp 30s"), open(10.0, Arrivals::Ramp { over: 30.0 }));
    assert_eq!(load("10/s, diurnal 2"), open(10.0, Arrivals::Diurnal { peak: 2.0, period: 30.0 }));
    let think = Distribution::Exponential { mean: 2.0 };
    assert_eq!(load("500 users, think 2s"), Load::Closed { users: 500, think });
    let think = Distribution::Fixed(1.0);
    assert_eq!(load("20 users, think fixed 1s"), Load::Closed { users: 20, think });
    let flow = &design("GET /x @ 5/s, keys 10M uniform, hot 30%, size 20KB, priority 2: web -> api").flows[0];
    assert_eq!((flow.keys.keys, flow.keys.zipf, flow.keys.hot), (1e7, 0.0, 0.3));
    assert_eq!((flow.parameters.size("size"), flow.parameters.number("priority")), (Some(20e3), Some(2.0)));
}

#[test]
fn parameters_come_from_the_design_then_the_card_then_the_kind() {
    let design = design("c: memcached, memory 8GB\nusers -> api x2 -> c");
    let c = component(&design, "c");
    assert_eq!(c.parameters.size("memory"), Some(8e9));
    assert!(matches!(c.parameters.parameter("memory").unwrap().source, Source::Design(_)));
    assert_eq!(c.parameters.duration("read"), Some(150e-6));
    assert_eq!(c.parameters.parameter("read").unwrap().source, Source::Card("memcached".to_owned()));
    assert_eq!(c.parameters.money("cost"), Some(300.0));
    assert_eq!(c.parameters.parameter("cost").unwrap().source, Source::Card("redis".to_owned()));
}

#[test]
fn a_plain_time_takes_the_family_of_the_card() {
    let work = |text: &str| {
        let design = design(&format!("x: {text}\nusers -> x"));
        component(&design, "x").parameters.get("work").cloned()
    };
    let Some(Value::Distribution(scaled @ Distribution::Lognormal { p50, p99 })) = work("service, work 4ms") else {
        panic!("the card's work is lognormal");
    };
    assert!((scaled.mean() - 0.004).abs() < 1e-12 && (p99 / p50 - 5.0).abs() < 1e-9);
    assert_eq!(work("service, work exp 4ms"), Some(Value::Distribution(Distribution::Exponential { mean: 0.004 })));
    assert_eq!(work("worker, work 4ms"), Some(Value::Distribution(Distribution::Exponential { mean: 0.004 })));
    assert_eq!(work("lb, work 1ms"), Some(Value::Distribution(Distribution::Fixed(0.001))));
}

#[test]
fn bare_words_say_what_they_are_about() {
    let design = design(
        "db: postgres, async, read-your-writes\nlb: load-balancer, least_connections, sticky no\nusers -> lb -> db",
    );
    let db = component(&design, "db");
    assert_eq!(
        (db.parameters.word("replication"), db.parameters.word("read-your-writes")),
        (Some("async"), Some("yes"))
    );
    let lb = component(&design, "lb");
    assert_eq!((lb.parameters.word("policy"), lb.parameters.word("sticky")), (Some("least-connections"), Some("no")));
}

#[test]
fn regions_hold_components_and_are_apart() {
    let design = design(
        "region us: lb, api\nregion eu: api-eu\nus <-> eu: 80ms\nweb: client, region asia\nweb -> lb -> api -> api-eu",
    );
    let region = |name: &str| component(&design, name).region.map(|id| design.regions[id.0 as usize].name.clone());
    assert_eq!([region("lb"), region("api-eu"), region("web")], ["us", "eu", "asia"].map(|name| Some(name.to_owned())));
    assert_eq!(design.region_links[0].round_trip, 0.08);
}

#[test]
fn links_are_about_every_arrow_they_name() {
    let design = design(
        "users -> lb -> api -> db, cache\nlb -> api -> (db & cache): timeout 1s\napi -> db: retry 2, budget 20%",
    );
    let of = |from: &str, to: &str| design.link(design.find(from).unwrap(), design.find(to).unwrap());
    assert_eq!(of("lb", "api").and_then(|link| link.parameters.duration("timeout")), Some(1.0));
    assert_eq!(of("api", "cache").and_then(|link| link.parameters.duration("timeout")), Some(1.0));
    let db = of("api", "db").unwrap();
    assert_eq!((db.parameters.duration("timeout"), db.parameters.number("retry")), (Some(1.0), Some(2.0)));
    assert!(of("users", "lb").is_none());
}

#[test]
fn every_fault_is_read() {
    let design = design(
        "region us: api, db\nusers -> lb -> api x3 -> cache -> db: postgres\napi ~> jobs: queue -> worker\nlocks: zookeeper\napi -> locks\nGET /{code} @ 5/s: users -> api",
    );
    let fault = |text: &str| parse_event(&format!("at 1s: {text}"), &design).map(|event| event.fault);
    let id = |name: &str| design.find(name).unwrap();
    let place = |name: &str| Place::Component(id(name));
    let flow =
        |name: &str| design.flows.iter().position(|flow| flow.name == name).map(|at| dryrun::design::FlowId(at as u32));
    let (api, db) = (id("api"), id("db"));
    for (text, expected) in [
        ("kill api", Fault::Kill(place("api"))),
        ("kill api/2", Fault::Kill(Place::Instance(api, 2))),
        ("kill zone 1", Fault::Kill(Place::Zone(1))),
        ("kill region us", Fault::Kill(Place::Region(dryrun::design::RegionId(0)))),
        ("kill us", Fault::Kill(Place::Region(dryrun::design::RegionId(0)))),
        ("slow db by 5x", Fault::Slow { place: place("db"), factor: 5.0 }),
        ("slow api/0 3x", Fault::Slow { place: Place::Instance(api, 0), factor: 3.0 }),
        ("pause api/1", Fault::Pause(Place::Instance(api, 1))),
        ("partition api from db", Fault::Partition(place("api"), place("db"))),
        ("partition api, db", Fault::Partition(place("api"), place("db"))),
        ("delay api -> db by 200ms", Fault::Delay { from: api, to: db, by: 0.2 }),
        ("lose 5% on api -> db", Fault::Lose { from: api, to: db, ratio: 0.05 }),
        ("errors 10% on api", Fault::Errors { place: place("api"), ratio: 0.1 }),
        ("errors api 10%", Fault::Errors { place: place("api"), ratio: 0.1 }),
        ("flush cache", Fault::Flush(id("cache"))),
        ("hot key 30% on GET /{code}", Fault::HotKey { flow: flow("GET /{code}").unwrap(), share: 0.3 }),
        ("spike GET /{code} 5x", Fault::Spike { flow: flow("GET /{code}"), factor: 5.0 }),
        ("spike /{code} 5x", Fault::Spike { flow: flow("GET /{code}"), factor: 5.0 }),
        ("spike 5x", Fault::Spike { flow: None, factor: 5.0 }),
        ("ramp GET /{code} to 3x", Fault::Ramp { flow: flow("GET /{code}"), factor: 3.0 }),
        ("drop GET /{code} to 20%", Fault::Spike { flow: flow("GET /{code}"), factor: 0.2 }),
        ("fill jobs", Fault::Fill(id("jobs"))),
        ("deploy api", Fault::Deploy(api)),
        ("rolling deploy api", Fault::Deploy(api)),
        ("lag db by 5s", Fault::ReplicationLag { component: db, by: 5.0 }),
        ("replication lag db 5s", Fault::ReplicationLag { component: db, by: 5.0 }),
        ("skew locks by 500ms", Fault::ClockSkew { component: id("locks"), by: 0.5 }),
    ] {
        assert_eq!(fault(text), Ok(expected), "{text}");
    }
    let Ok(Fault::Spike { factor, .. }) = fault("drop GET /{code} by 80%") else {
        panic!("a drop is a spike below one")
    };
    assert!((factor - 0.2).abs() < 1e-12);
    let event = parse_event("at 2min: kill api for 20s", &design).unwrap();
    assert_eq!((event.at, event.duration, event.text.as_str()), (120.0, Some(20.0), "kill api for 20s"));
}

#[test]
fn settings_say_how_to_run() {
    let settings =
        design("set for 2min\nset warmup 10s\nset seed 7\nset network none\nset caches cold\nusers -> api").settings;
    assert_eq!((settings.simulated, settings.warmup, settings.seed), (Some(120.0), Some(10.0), Some(7)));
    assert!(settings.free_network && settings.cold_caches);
}

#[test]
fn targets_stand_in_heads_or_apart() {
    let design = design(
        "GET /a @ 1/s, p99<100ms: web -> api\nGET /b @ 1/s: web -> api\ntarget GET /b: p95 < 50ms, errors < 1%\ntarget /a: lag p99 < 5s\ntarget: availability > 99.9%",
    );
    let texts = |at: usize| design.flows[at].targets.iter().map(|target| target.text.as_str()).collect::<Vec<_>>();
    assert_eq!(texts(0), ["p99 < 100ms", "lag p99 < 5s", "availability > 99.9%"]);
    assert_eq!(texts(1), ["p95 < 50ms", "errors < 1%", "availability > 99.9%"]);
}

#[test]
fn variables_of_the_estimate_stand_for_figures() {
    let variables = [("writes", "100M/day"), ("budget", "200ms")];
    let variables = variables.map(|(name, text)| (name.to_owned(), literal(text, BareB::Billion).unwrap())).into();
    let text = "POST /x @ $writes peak 2x, p99 < $budget: web -> api\napi -> db: timeout $budget\nweb -> api -> db";
    let compiled = compile_with(text, &catalogue(), &variables);
    let flow = &compiled.design.flows[0];
    assert_eq!(flow.load, Load::Open { rate: 2.0 * 100e6 / 86_400.0, arrivals: Arrivals::Poisson });
    assert_eq!(flow.targets[0].bound, 0.2);
    assert_eq!(compiled.design.links[0].parameters.duration("timeout"), Some(0.2));
}

#[test]
fn d2_is_understood() {
    check(
        "direction: right\ncache: redis {memory: 64GB; ttl: 24h}\nus-east: { lb; api }\nclient -> lb -> api: HTTPS calls\napi -> cache\ndb: Orders {shape: cylinder}\napi -> db: {style.stroke: red}",
        "cache: cache/redis x1
lb: load-balancer/load-balancer x1 in us-east
api: service/service x1 in us-east
client: client x1
db: sql/postgres x1
requests @ 1/s Poisson: client(lb(api(cache, db)))",
    );
    let design = design("client -> lb: 5k rps\nlb -> us.api\nus: {\n  api: service x2\n}");
    assert!(matches!(design.flows[0].load, Load::Open { rate, .. } if rate == 5000.0));
    assert_eq!(component(&design, "api").instances, 2);
}

#[test]
fn mermaid_is_understood() {
    check(
        "```mermaid
%% the shop
flowchart LR
    A([Browser]) --> B[API Gateway]
    B -->|reads| C[(Postgres primary)]
    B & C -.-> D{{Kafka}}
    D ==> E[Order Worker]:::big
    subgraph eu [Europe]
        C
    end
    classDef big fill:#f9f
    style A fill:#bbf
```",
        "Browser: client x1
API Gateway: gateway/api-gateway x1
Postgres primary: sql/postgres x1 in Europe
Kafka: stream/kafka x1
Order Worker: worker x1
requests @ 1/s Poisson: Browser(API Gateway(Postgres primary(~Kafka(Order Worker)), ~Kafka(Order Worker)))",
    );
}

#[test]
fn what_is_exported_to_mermaid_comes_back() {
    let text = "users -> lb -> api x3 -> 80% cache: redis x2 | 20% db: mysql\napi ~> orders-topic: kafka -> w: worker x4\nregion eu: db, w";
    let before = design(text);
    let chart = dryrun::design::mermaid(&before);
    let after = design(&chart);
    let boxes = |design: &Design| -> Vec<String> {
        let mut all: Vec<String> = design
            .components
            .iter()
            .map(|one| format!("{} {} {:?} x{} {:?}", one.name, one.kind, one.technology, one.instances, one.region))
            .collect();
        all.sort();
        all
    };
    assert_eq!(boxes(&after), boxes(&before), "{chart}");
}
