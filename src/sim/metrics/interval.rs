//! Confidence intervals of measured figures, from batches of the run: neighbouring requests see the same queue, so they are no
//! independent sample, but long stretches of a run nearly are.

use super::histogram::{Coarse, Histogram};

/// Fewer batches than these say nothing about their spread.
const FEWEST: usize = 8;
/// A phase of fewer batches says nothing about its spread.
const FEW: usize = 4;
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

/// The same where what happens at set times changes the ratio: `starts` are the batches with which something begins or ends. A step from
/// one phase to the next is no noise, so each phase is held against its own ratio, and the errors of the phases add up.
pub(in crate::sim) fn ratio_by_phase(batches: &[(f64, f64)], starts: &[usize]) -> Option<(f64, f64)> {
    let mut phases: Vec<&[(f64, f64)]> = Vec::new();
    let mut rest = batches;
    // From the last to the first: a phase too short to say anything about its spread goes with the one before it.
    for &start in starts.iter().rev().filter(|&&start| start >= FEW) {
        if let Some((before, phase)) = rest.split_at_checked(start).filter(|(_, phase)| phase.len() >= FEW) {
            phases.push(phase);
            rest = before;
        }
    }
    phases.push(rest);
    if phases.len() == 1 {
        return ratio(batches);
    }
    let (top, bottom) = batches.iter().fold((0.0, 0.0), |sum, batch| (sum.0 + batch.0, sum.1 + batch.1));
    if bottom <= 0.0 || batches.len() < FEWEST {
        return None;
    }
    let variance: f64 = phases.iter().map(|phase| phase_variance(phase)).sum();
    let ratio = top / bottom;
    let error = variance.sqrt().max((top * (1.0 - ratio)).sqrt());
    let freedom = batches.len() - phases.len();
    let half = T[freedom.clamp(5, T.len() + 4) - 5] * error / bottom;
    Some(((ratio - half).max(0.0), (ratio + half).min(1.0)))
}

/// Variance of a phase's failures around what its own ratio lets expect.
fn phase_variance(phase: &[(f64, f64)]) -> f64 {
    let (top, bottom) = phase.iter().fold((0.0, 0.0), |sum, batch| (sum.0 + batch.0, sum.1 + batch.1));
    let ratio = if bottom > 0.0 { top / bottom } else { 0.0 };
    let excess: Vec<f64> = phase.iter().map(|batch| batch.0 - ratio * batch.1).collect();
    let count = excess.len() as f64;
    let squares: f64 = excess.iter().map(|x| x * x).sum();
    count * squares / (count - 1.0).max(1.0) * (1.0 + 2.0 * correlation(&excess).max(0.0))
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
    let t = T[freedom(&excess, mean, variance).clamp(5, T.len() + 4) - 5];
    Some(((variance * count * shared).sqrt(), t))
}

/// Degrees of freedom of the variance's estimate: of values with a long tail, those that say most about it are few. The variance of a
/// variance is its square times (excess kurtosis / n + 2 / (n - 1)), and of a normal's with f degrees of freedom 2 / f.
fn freedom(values: &[f64], mean: f64, variance: f64) -> usize {
    let n = values.len() as f64;
    let fourth = values.iter().map(|x| (x - mean).powi(4)).sum::<f64>() / n;
    let excess = if variance > 0.0 { (fourth / (variance * variance) - 3.0).max(0.0) } else { 0.0 };
    (2.0 / (excess / n + 2.0 / (n - 1.0))) as usize
}

/// Correlation of neighbours.
fn correlation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let all: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    let pairs: f64 = values.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    if all > 0.0 { pairs / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_at_a_set_time_is_no_noise_and_a_burst_is() {
        // Nothing fails in the first twelve batches; in the twenty after a fault about 28 of a hundred.
        let noise = |at: usize| f64::from(u8::from(at.is_multiple_of(2))) * 4.0 - 2.0;
        let steps: Vec<(f64, f64)> =
            (0..32).map(|at| (if at < 12 { 0.0 } else { 280.0 + noise(at) }, 1000.0)).collect();
        let (low, high) = ratio_by_phase(&steps, &[12]).expect("there are enough batches");
        assert!(0.16 < low && high < 0.19, "{low} to {high}");
        let (without, _) = ratio(&steps).expect("there are enough batches");
        assert!(without < 0.1, "taken for noise it could be next to nothing: {without}");
        // All of it in two batches: what another run would have had is anyone's guess.
        let burst: Vec<(f64, f64)> =
            (0..32).map(|at| (if at == 13 || at == 14 { 400.0 } else { 0.0 }, 1000.0)).collect();
        let (low, high) = ratio_by_phase(&burst, &[12]).expect("there are enough batches");
        assert!(low < 0.005 && high > 0.045, "{low} to {high}");
        assert_eq!(ratio_by_phase(&steps, &[]), ratio(&steps));
        assert_eq!(ratio_by_phase(&steps, &[1, 31]), ratio(&steps), "a phase of one batch is none");
    }
}
