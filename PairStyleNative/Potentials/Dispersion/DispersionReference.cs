using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Dispersion;

/// <summary>
/// D3 as its papers write it, one pair after the other: slow, obvious, the measure of the fast kernel.
/// </summary>
/// <remarks>
/// Coordination number CN_i = Σ_j 1/(1 + exp(−16 (R_ij/r − 1))), R_ij the covalent distance.
/// C6_ij = Σ_ab C6ref_ab L_ab / Σ_ab L_ab over the references a of i and b of j, L_ab = exp(−4 ((CN_i − CN_a)² + (CN_j − CN_b)²)).
/// E = −½ Σ_ij C6_ij g(r_ij), with g the damped r⁻⁶ + (C8/C6) r⁻⁸. Where all L_ab vanish in double precision, far from every
/// reference, the largest of them alone counts: exponents are taken relative to it.
/// Images are looked up by <see cref="NeighborView.Owners"/>; the lists must be those of all atoms.
/// </remarks>
internal unsafe class DispersionReference(DispersionModel model)
{
    private readonly DispersionSettings _settings = model.Settings;

    /// <summary>As <see cref="IPotential.Compute"/>, for views with owners.</summary>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var coordination = new double[atoms.AtomCount];
        var pairs = Pairs(atoms);
        foreach (var pair in pairs)
        {
            var r = pair.Distance;
            coordination[pair.Center] += Coordination(r, model.Pair(pair.CenterElement, pair.NeighborElement).CovalentDistance);
        }

        // dE/dCN of every atom from all the pairs it is in.
        var slopes = new double[atoms.AtomCount];
        foreach (var pair in pairs)
        {
            var owner = atoms.Owners[pair.Neighbor];
            var (coefficient, first, second) = Coefficient(pair.CenterElement, pair.NeighborElement, coordination[pair.Center], coordination[owner]);
            var (attraction, slope) = Attraction(model.Pair(pair.CenterElement, pair.NeighborElement), pair.Distance);
            var scale = atoms.ScaleOf(pair.Center);
            AddEnergy(buffers, pair.Center, -0.5 * scale * coefficient * attraction);
            AddForce(buffers, pair, -0.5 * scale * coefficient * slope);
            slopes[pair.Center] -= 0.5 * scale * first * attraction;
            slopes[owner] -= 0.5 * scale * second * attraction;
        }

        foreach (var pair in pairs)
        {
            var r = pair.Distance;
            AddForce(buffers, pair, slopes[pair.Center] * Count(r, model.Pair(pair.CenterElement, pair.NeighborElement).CovalentDistance).Slope);
        }

        return EvaluationOutcome.Success;
    }

    /// <summary>How much a neighbour counts.</summary>
    protected virtual double Coordination(double r, double covalentDistance) => Count(r, covalentDistance).Value;

    private static void AddEnergy(in EvaluationBuffers buffers, int center, double energy)
    {
        *buffers.Energy += energy;
        buffers.AtomEnergies[center] += energy;
    }

    // slope: ∂E/∂r of this pair.
    private static void AddForce(in EvaluationBuffers buffers, in PairOfAtoms pair, double slope)
    {
        double[] separation = [pair.X, pair.Y, pair.Z];
        for (var a = 0; a < 3; a++)
        {
            var onNeighbor = -slope * separation[a] / pair.Distance;
            buffers.Forces[3L * pair.Neighbor + a] += onNeighbor;
            buffers.Forces[3L * pair.Center + a] -= onNeighbor;
            for (var b = 0; b < 3; b++)
            {
                var w = -slope * separation[a] * separation[b] / pair.Distance;
                buffers.Virial[3 * a + b] += w;
                buffers.AtomVirials[9L * pair.Center + 3 * a + b] += 0.5 * w;
                buffers.AtomVirials[9L * pair.Neighbor + 3 * a + b] += 0.5 * w;
            }
        }
    }

    private List<PairOfAtoms> Pairs(in NeighborView atoms)
    {
        var pairs = new List<PairOfAtoms>();
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = atoms.Centers is null ? place : atoms.Centers[place];
            for (var n = 0; n < atoms.NeighborCounts[i]; n++)
            {
                var j = atoms.Neighbors[i][n] & atoms.NeighborMask;
                double x = atoms.Positions[3L * j] - atoms.Positions[3L * i], y = atoms.Positions[3L * j + 1] - atoms.Positions[3L * i + 1], z = atoms.Positions[3L * j + 2] - atoms.Positions[3L * i + 2];
                pairs.Add(new PairOfAtoms(i, j, ElementOf(atoms, i), ElementOf(atoms, j), x, y, z, Math.Sqrt(x * x + y * y + z * z)));
            }
        }

        return pairs;
    }

    private int ElementOf(in NeighborView atoms, int atom)
    {
        var type = atoms.Types[atom];
        return model.ElementOfSpecies[atoms.SpeciesOfType is null ? type : atoms.SpeciesOfType[type]];
    }

    private (double Value, double Slope) Count(double r, double covalentDistance)
    {
        if (r >= _settings.CoordinationCutoff)
        {
            return (0, 0);
        }

        var exponential = Math.Exp(-DispersionModel.CountingSteepness * (covalentDistance / r - 1));
        var value = 1 / (1 + exponential);
        var slope = -value * value * exponential * DispersionModel.CountingSteepness * covalentDistance / (r * r);
        return Switched(value, slope, r, _settings.CoordinationCutoff);
    }

    private (double Value, double Slope) Attraction(in DispersionPair pair, double r)
    {
        if (r >= _settings.Cutoff)
        {
            return (0, 0);
        }

        double value, slope;
        if (_settings.Damping is ZeroDamping zero)
        {
            var (f6, s6) = ZeroDamped(6, pair.Factor6, Math.Sqrt(pair.Radius6), zero.Alpha, r);
            var (f8, s8) = ZeroDamped(8, pair.Factor8, Math.Sqrt(pair.Radius8), zero.Alpha + 2, r);
            (value, slope) = (f6 + f8, s6 + s8);
        }
        else
        {
            var (d6, d8) = (Math.Pow(r, 6) + pair.Radius6, Math.Pow(r, 8) + pair.Radius8);
            value = pair.Factor6 / d6 + pair.Factor8 / d8;
            slope = -6 * Math.Pow(r, 5) * pair.Factor6 / (d6 * d6) - 8 * Math.Pow(r, 7) * pair.Factor8 / (d8 * d8);
        }

        return Switched(value, slope, r, _settings.Cutoff);
    }

    private static (double Value, double Slope) ZeroDamped(int power, double factor, double radius, int alpha, double r)
    {
        var t = 6 * Math.Pow(r / radius, -alpha);
        var value = factor / Math.Pow(r, power) / (1 + t);
        return (value, value * (alpha * t / (1 + t) - power) / r);
    }

    private (double Value, double Slope) Switched(double value, double slope, double r, double cutoff)
    {
        var width = _settings.SwitchingWidth;
        if (width == 0 || r <= cutoff - width)
        {
            return (value, slope);
        }

        var t = (r - cutoff + width) / width;
        var s = 1 - t * t * t * (10 - 15 * t + 6 * t * t);
        return (value * s, slope * s - value * 30 * t * t * (1 - t) * (1 - t) / width);
    }

    // C6 and its derivatives with respect to the two coordination numbers.
    private (double Value, double First, double Second) Coefficient(int first, int second, double firstCoordination, double secondCoordination)
    {
        var firstNumbers = model.CoordinationNumbers(first);
        var secondNumbers = model.CoordinationNumbers(second);
        var coefficients = model.Coefficients(first, second);
        var largest = double.NegativeInfinity;
        foreach (var a in firstNumbers)
        {
            foreach (var b in secondNumbers)
            {
                largest = Math.Max(largest, Exponent(firstCoordination - a, secondCoordination - b));
            }
        }

        double sum = 0, sumFirst = 0, sumSecond = 0, weighted = 0, weightedFirst = 0, weightedSecond = 0;
        for (var a = 0; a < firstNumbers.Length; a++)
        {
            for (var b = 0; b < secondNumbers.Length; b++)
            {
                var (da, db) = (firstCoordination - firstNumbers[a], secondCoordination - secondNumbers[b]);
                var weight = Math.Exp(Exponent(da, db) - largest);
                var coefficient = coefficients[a * secondNumbers.Length + b];
                sum += weight;
                sumFirst += -2 * DispersionModel.WeightExponent * da * weight;
                sumSecond += -2 * DispersionModel.WeightExponent * db * weight;
                weighted += coefficient * weight;
                weightedFirst += -2 * DispersionModel.WeightExponent * da * weight * coefficient;
                weightedSecond += -2 * DispersionModel.WeightExponent * db * weight * coefficient;
            }
        }

        var value = weighted / sum;
        return (value, (weightedFirst - value * sumFirst) / sum, (weightedSecond - value * sumSecond) / sum);

        static double Exponent(double da, double db) => -DispersionModel.WeightExponent * (da * da + db * db);
    }

    private readonly record struct PairOfAtoms(int Center, int Neighbor, int CenterElement, int NeighborElement, double X, double Y, double Z, double Distance);
}
