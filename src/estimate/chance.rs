//! The order of draws and the normal quantiles behind them: the same on every run and every machine.

use std::sync::LazyLock;

use super::samples::COUNT;

/// Mixed into every key; changing it changes all samples.
const SEED: u64 = 0x5EED_0F0D_2024_0001;

/// The standard normal quantiles of the strata's middles, ascending.
pub(super) static NORMALS: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..COUNT).map(|at| normal_quantile((at as f64 + 0.5) / COUNT as f64)).collect());

/// The order in which an input's strata are drawn: a permutation of `0..COUNT` by the key (Fisher and Yates).
pub(super) fn order(key: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..COUNT as u32).collect();
    let mut state = key ^ SEED;
    for last in (1..COUNT).rev() {
        let draw = split_mix(&mut state);
        let other = ((u128::from(draw) * (last as u128 + 1)) >> 64) as usize;
        order.swap(last, other);
    }
    order
}

/// `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014).
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A key from a text and a number: FNV-1a (Fowler, Noll and Vo), the same on every machine.
pub(super) fn key(text: &str, ordinal: u64) -> u64 {
    let bytes = text.bytes().chain(ordinal.to_le_bytes());
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// The value below which a standard normal variable lies with probability `p`, for `p` within 10^-11 of neither end.
///
/// Algorithm AS 241, PPND16, accurate to about 16 digits (Wichura, Applied Statistics 37(3), 1988).
fn normal_quantile(p: f64) -> f64 {
    const CENTRE: [f64; 8] = [
        3.387_132_872_796_366_6,
        133.141_667_891_784_38,
        1_971.590_950_306_551_4,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ];
    const CENTRE_OVER: [f64; 8] = [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_855,
    ];
    const TAIL: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        0.000_774_545_014_278_341_4,
    ];
    const TAIL_OVER: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        0.000_547_593_808_499_534_5,
        1.050_750_071_644_416_9e-9,
    ];
    let polynomial = |coefficients: &[f64], x: f64| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
    let from_middle = p - 0.5;
    if from_middle.abs() <= 0.425 {
        let r = 0.180_625 - from_middle * from_middle;
        return from_middle * polynomial(&CENTRE, r) / polynomial(&CENTRE_OVER, r);
    }
    let r = (-p.min(1.0 - p).ln()).sqrt() - 1.6;
    let tail = polynomial(&TAIL, r) / polynomial(&TAIL_OVER, r);
    if from_middle < 0.0 { -tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles_are_the_tables() {
        // Abramowitz and Stegun, table 26.5, and the tail from scipy.stats.norm.ppf.
        let known = [
            (0.5, 0.0),
            (0.95, 1.644_853_626_951_472_7),
            (0.975, 1.959_963_984_540_054),
            (0.99, 2.326_347_874_040_841),
            (0.7, 0.524_400_512_708_041),
            (5e-5, -3.890_591_886_413_120_5),
        ];
        for (p, expected) in known {
            assert!((normal_quantile(p) - expected).abs() < 1e-12, "{p}: {}", normal_quantile(p));
        }
    }

    #[test]
    fn an_order_holds_every_stratum_once_and_two_are_unrelated() {
        let (a, b) = (order(1), order(2));
        let mut sorted = a.clone();
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(at, &stratum)| at as u32 == stratum));
        let mean = (COUNT - 1) as f64 / 2.0;
        let covariance: f64 = a.iter().zip(&b).map(|(&a, &b)| (f64::from(a) - mean) * (f64::from(b) - mean)).sum();
        let variance: f64 = a.iter().map(|&a| (f64::from(a) - mean).powi(2)).sum();
        assert!((covariance / variance).abs() < 0.03, "{}", covariance / variance);
    }
}
