//! Exponential and normal variates by the ziggurat method (Marsaglia and Tsang 2000) with 256 layers.

use std::sync::LazyLock;

use super::Stream;

/// Layers of a ziggurat.
const LAYERS: usize = 256;
/// Where the exponential's tail begins, and the area of a layer.
const EXPONENTIAL: (f64, f64) = (7.697_117_470_131_05, 0.003_949_659_822_581_557);
/// Where the normal's tail begins, and the area of a layer.
const NORMAL: (f64, f64) = (3.654_152_885_361_009, 0.004_928_673_233_992_336);

/// Widths and heights of the layers, from the widest up; the last is the top.
#[derive(Debug)]
struct Layers {
    x: [f64; LAYERS + 1],
    y: [f64; LAYERS + 1],
}

/// The tables of both distributions.
#[derive(Debug)]
pub(super) struct Tables {
    exponential: Layers,
    normal: Layers,
}

/// The tables, built at the first use.
pub(super) fn tables() -> &'static Tables {
    static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
        exponential: layers(EXPONENTIAL, |x| libm::exp(-x), |y| -libm::log(y)),
        normal: layers(NORMAL, |x| libm::exp(-x * x / 2.0), |y| libm::sqrt(-2.0 * libm::log(y))),
    });
    &TABLES
}

/// Layers of equal area under a decreasing density, given where its tail begins.
fn layers((tail, area): (f64, f64), density: fn(f64) -> f64, inverse: fn(f64) -> f64) -> Layers {
    let mut x = [0.0; LAYERS + 1];
    let mut y = [0.0; LAYERS + 1];
    x[0] = area / density(tail);
    x[1] = tail;
    for layer in 2..LAYERS {
        x[layer] = inverse((density(x[layer - 1]) + area / x[layer - 1]).min(1.0));
    }
    for layer in 0..=LAYERS {
        y[layer] = density(x[layer]);
    }
    Layers { x, y }
}

#[inline]
pub(super) fn exponential(tables: &Tables, stream: &mut Stream) -> f64 {
    let layers = &tables.exponential;
    let bits = stream.bits();
    let layer = (bits & 0xFF) as usize;
    let x = (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64) * layers.x[layer];
    if x < layers.x[layer + 1] { x } else { exponential_edge(tables, stream, layer, x) }
}

#[cold]
#[inline(never)]
fn exponential_edge(tables: &Tables, stream: &mut Stream, layer: usize, x: f64) -> f64 {
    let layers = &tables.exponential;
    if layer == 0 {
        return EXPONENTIAL.0 + exponential(tables, stream);
    }
    let height = layers.y[layer] + (layers.y[layer + 1] - layers.y[layer]) * stream.uniform();
    if height < libm::exp(-x) { x } else { exponential(tables, stream) }
}

#[inline]
pub(super) fn normal(tables: &Tables, stream: &mut Stream) -> f64 {
    let layers = &tables.normal;
    let bits = stream.bits();
    let layer = (bits & 0xFF) as usize;
    let signed = (bits.cast_signed() >> 11) as f64 * (1.0 / (1u64 << 52) as f64);
    let x = signed * layers.x[layer];
    if x.abs() < layers.x[layer + 1] { x } else { normal_edge(tables, stream, layer, x) }
}

#[cold]
#[inline(never)]
fn normal_edge(tables: &Tables, stream: &mut Stream, layer: usize, x: f64) -> f64 {
    let layers = &tables.normal;
    if layer == 0 {
        // Marsaglia's tail: exponential proposals, accepted by the ratio of the densities.
        loop {
            let beyond = stream.exponential() / NORMAL.0;
            let height = stream.exponential();
            if 2.0 * height > beyond * beyond {
                return (NORMAL.0 + beyond).copysign(x);
            }
        }
    }
    let height = layers.y[layer] + (layers.y[layer + 1] - layers.y[layer]) * stream.uniform();
    if height < libm::exp(-x * x / 2.0) { x } else { normal(tables, stream) }
}
