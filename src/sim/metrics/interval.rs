//! Confidence intervals of measured figures, from batches of the run: neighbouring requests see the same queue, so they are no
//! independent sample, but long stretches of a run nearly are.

use super::histogram::{Coarse, Histogram};

/// Fewer batches than these say nothing about their spread.
const FEWEST: usize = 8;
/// Batches whose neighbours correlate more than this are too short, and joined in pairs.
const CORRELATED: f64 = 0.25;
/// 97.5% points of Student's t for 5 to 32 degrees of freedom; beyond, the normal's 1.96.
const T: [f64; 28] = [
    2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042, 2.040, 2.037,
];

/// The 95% interval of the quantile at `share` of `total`, nanoseconds; `None` for too short a run.
///
/// In each batch the number of values beyond the estimate is counted; its variance from batch to batch gives the error of the share,
/// and the histogram turns the share's interval into one of values (order statistics with batch means).
pub(in crate::sim) fn quantile(total: &Histogram, batches: &[Coarse], share: f64) -> Option<(f64, f64)> {
    let n = batches.iter().map(|batch| batch.count).sum::<u64>() as f64;
    if n < 1.0 {
        return None;
    }
    let bucket = Coarse::bucket(total.quantile(share));
    let counts: Vec<(u64, u64)> = batches.iter().map(|batch| batch.above_and_at(bucket)).collect();
    let above = counts.iter().map(|count| count.0).sum::<u64>() as f64;
    let within = counts.iter().map(|count| count.1).sum::<u64>() as f64;
    let part = if within > 0.0 { (((1.0 - share) * n - above) / within).clamp(0.0, 1.0) } else { 0.0 };
    let excess: Vec<f64> = counts
        .iter()
        .zip(batches)
        .map(|(&(above, at), batch)| above as f64 + part * at as f64 - (1.0 - share) * batch.count as f64)
        .collect();
    // A sample of independent values has at least the binomial error, however even the batches look.
    let binomial = (share * (1.0 - share) * n).sqrt();
    let (error, t) = spread(excess)?;
    let half = t * error.max(binomial) / n;
    Some((total.quantile((share - half).max(0.0)), total.quantile((share + half).min(1.0))))
}

/// The 95% interval of the mean, nanoseconds; `None` for too short a run.
pub(in crate::sim) fn mean(total: &Histogram, batches: &[Coarse]) -> Option<(f64, f64)> {
    let n = total.count() as f64;
    let mean = total.mean();
    let excess = batches.iter().map(|batch| batch.sum as f64 - mean * batch.count as f64).collect();
    let (error, t) = spread(excess)?;
    let half = t * error / n;
    Some((mean - half, mean + half))
}

/// The 95% interval of a ratio given numerator and denominator of each batch; `None` for too short a run.
pub(in crate::sim) fn ratio(batches: &[(f64, f64)]) -> Option<(f64, f64)> {
    let (top, bottom) = batches.iter().fold((0.0, 0.0), |sum, batch| (sum.0 + batch.0, sum.1 + batch.1));
    if bottom <= 0.0 {
        return None;
    }
    let ratio = top / bottom;
    let (error, t) = spread(batches.iter().map(|batch| batch.0 - ratio * batch.1).collect())?;
    let half = t * error / bottom;
    Some((ratio - half, ratio + half))
}

/// Standard error of the sum of the batches' excesses, which is 0, and Student's factor for it.
fn spread(mut excess: Vec<f64>) -> Option<(f64, f64)> {
    while excess.len() >= 2 * FEWEST && correlation(&excess) > CORRELATED {
        excess = excess.chunks_exact(2).map(|pair| pair[0] + pair[1]).collect();
    }
    if excess.len() < FEWEST {
        return None;
    }
    let count = excess.len() as f64;
    let mean = excess.iter().sum::<f64>() / count;
    let variance = excess.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (count - 1.0);
    // What neighbours still share makes the sum's variance greater than the sum of the variances.
    let shared = 1.0 + 2.0 * correlation(&excess).max(0.0);
    let t = T.get(excess.len() - 1 - 5).copied().unwrap_or(1.96);
    Some(((variance * count * shared).sqrt(), t))
}

/// Correlation of neighbours.
fn correlation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let all: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    let pairs: f64 = values.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    if all > 0.0 { pairs / all } else { 0.0 }
}
