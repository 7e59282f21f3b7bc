using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>
/// DeepPot-SE in slow, obvious scalar code, after DeePMD-kit's deepmd/dpmodel (descriptor/se_e2_a.py, fitting/general_fitting.py): what the fast code is
/// tested against.
/// </summary>
/// <remarks>
/// Center i of species t has for every neighbour j, r = r_j − r_i, the row R = (s, s·x/r, s·y/r, s·z/r), standardized by t and j's species
/// to R̃ = ((s − mean)/σ_r, s·x/(r·σ_a), …), and for every place that stays empty R̃ = (−mean/σ_r, 0, 0, 0). With G_j = the embedding of R̃_j0,
/// s = w(r)/(r + protection), also in the place of s/r: w·x/(r + protection)². Where there is a modulation, G_j is multiplied by 1 + w·modulation.
/// (Neighbours beyond the places of their species make that number negative: DeePMD-kit leaves the farthest out instead, with a step in the energy.)
/// T = Σ_j R̃_jᵀ·G_j / places, a 4 × M matrix, and D = Tᵀ·T', M × M', where T' is the first M' columns of T. E_i = fitting(D) + bias.
/// </remarks>
internal static unsafe class DeepPotReference
{
    private sealed record Neighbor(int Atom, int Species, double X, double Y, double Z, double Distance);

    // Neighbours within the cutoff, and whether center and neighbour see each other.
    private sealed record Found(Neighbor Neighbor, bool Seen);

    /// <summary>As <see cref="IPotential.Compute"/>, for positions that are finite and species that are known; allocates freely.</summary>
    public static void Compute(DeepPotModel model, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = atoms.Centers is null ? place : atoms.Centers[place];
            if (SpeciesOf(atoms, i) is >= 0 and var species)
            {
                ComputeCenter(model, atoms, buffers, i, species);
            }
        }
    }

    private static int SpeciesOf(in NeighborView atoms, int atom) => atoms.SpeciesOfType is null ? atoms.Types[atom] : atoms.SpeciesOfType[atoms.Types[atom]];

    private static List<Found> NeighborsOf(DeepPotModel model, in NeighborView atoms, int i, int species)
    {
        var found = new List<Found>();
        for (var n = 0; n < atoms.NeighborCounts[i]; n++)
        {
            var j = atoms.Neighbors[i][n] & atoms.NeighborMask;
            double* from = atoms.Positions + 3L * i, to = atoms.Positions + 3L * j;
            double x = to[0] - from[0], y = to[1] - from[1], z = to[2] - from[2], r = Math.Sqrt(x * x + y * y + z * z);
            var other = SpeciesOf(atoms, j);
            if (r < model.Cutoff && other >= 0 && !model.Removed.Contains((species, other)))
            {
                found.Add(new Found(new Neighbor(j, other, x, y, z, r), !model.Excluded.Contains((species, other))));
            }
        }

        return found;
    }

    private static void ComputeCenter(DeepPotModel model, in NeighborView atoms, in EvaluationBuffers buffers, int i, int species)
    {
        // A neighbour that is not seen takes a place all the same.
        var found = NeighborsOf(model, atoms, i, species);
        Neighbor[] neighbors = [.. found.Where(one => one.Seen).Select(one => one.Neighbor)];
        var inverse = new SmoothInverse(model.SmoothFrom, model.Cutoff, model.Protection);
        int width = model.EmbeddingWidth, axis = model.AxisWidth;
        var t = new double[4, width];
        for (var other = 0; other < model.Species.Count; other++)
        {
            var scaling = model.Scaling[species][other];
            var empty = model.EmptyPlaces(other, found.Count(one => one.Neighbor.Species == other));
            double[] row = [-scaling.Mean / scaling.RadialDeviation, 0, 0, 0];
            Accumulate(t, row, model.Embedding[species][other].Evaluate([row[0]]).Output, (double)empty / model.PlaceCount);
        }

        foreach (var one in neighbors)
        {
            var at = inverse.At(one.Distance);
            var row = RowOf(model, model.Scaling[species][one.Species], one, at.Value);
            var embedding = model.Embedding[species][one.Species].Evaluate([row[0]]).Output;
            Accumulate(t, row, [.. embedding.Select((g, m) => g * FactorOf(model, species, one, m, at.Weight))], 1.0 / model.PlaceCount);
        }

        var descriptor = new double[width * axis];
        for (var m = 0; m < width; m++)
        {
            for (var a = 0; a < axis; a++)
            {
                for (var c = 0; c < 4; c++)
                {
                    descriptor[m * axis + a] += t[c, m] * t[c, a];
                }
            }
        }

        var (energy, jacobian) = model.Fitting[species].Evaluate(descriptor);
        var scale = atoms.ScaleOf(i);
        AddEnergy(buffers, i, scale * (energy[0] + model.Bias[species]));
        var slopes = new double[4, width];
        for (var m = 0; m < width; m++)
        {
            for (var a = 0; a < axis; a++)
            {
                for (var c = 0; c < 4; c++)
                {
                    slopes[c, m] += jacobian[0][m * axis + a] * t[c, a] * scale / model.PlaceCount;
                    slopes[c, a] += jacobian[0][m * axis + a] * t[c, m] * scale / model.PlaceCount;
                }
            }
        }

        foreach (var one in neighbors)
        {
            AddForce(buffers, i, one, Gradient(model, species, one, inverse, slopes));
        }
    }

    private static double[] RowOf(DeepPotModel model, in EnvironmentScaling scaling, Neighbor one, double s) =>
    [
        (s - scaling.Mean) / scaling.RadialDeviation,
        s * one.X / (one.Distance + model.Protection) / scaling.AngularDeviation,
        s * one.Y / (one.Distance + model.Protection) / scaling.AngularDeviation,
        s * one.Z / (one.Distance + model.Protection) / scaling.AngularDeviation,
    ];

    private static double FactorOf(DeepPotModel model, int species, Neighbor one, int m, double weight) => 1 + weight * (model.Modulation?[species][one.Species][m] ?? 0);

    private static void Accumulate(double[,] t, double[] row, double[] embedding, double factor)
    {
        for (var c = 0; c < 4; c++)
        {
            for (var m = 0; m < embedding.Length; m++)
            {
                t[c, m] += factor * row[c] * embedding[m];
            }
        }
    }

    // ∂E/∂r_j by the chain rule: over the row, over the embedding of its first number, and over w.
    private static double[] Gradient(DeepPotModel model, int species, Neighbor one, in SmoothInverse inverse, double[,] slopes)
    {
        var (s, slope, weight, weightSlope) = inverse.At(one.Distance);
        var scaling = model.Scaling[species][one.Species];
        var row = RowOf(model, scaling, one, s);
        var (embedding, jacobian) = model.Embedding[species][one.Species].Evaluate([row[0]]);
        var byRow = new double[4];
        var byWeight = 0.0;
        for (var c = 0; c < 4; c++)
        {
            for (var m = 0; m < embedding.Length; m++)
            {
                var factor = FactorOf(model, species, one, m, weight);
                byRow[c] += slopes[c, m] * embedding[m] * factor;
                byRow[0] += slopes[c, m] * row[c] * jacobian[m][0] * factor;
                byWeight += slopes[c, m] * row[c] * embedding[m] * (model.Modulation?[species][one.Species][m] ?? 0);
            }
        }

        double[] r = [one.X, one.Y, one.Z];
        var gradient = new double[3];
        for (var k = 0; k < 3; k++)
        {
            gradient[k] = (byRow[0] * slope / scaling.RadialDeviation + byWeight * weightSlope) * r[k] / one.Distance;
            for (var c = 0; c < 3; c++)
            {
                // s·r_c/(r + protection).
                var guarded = one.Distance + model.Protection;
                var change = (slope / guarded - s / (guarded * guarded)) * r[c] * r[k] / one.Distance + (c == k ? s / guarded : 0);
                gradient[k] += byRow[1 + c] * change / scaling.AngularDeviation;
            }
        }

        return gradient;
    }

    private static void AddEnergy(in EvaluationBuffers buffers, int i, double energy)
    {
        if (buffers.Energy is not null)
        {
            *buffers.Energy += energy;
        }

        if (buffers.AtomEnergies is not null)
        {
            buffers.AtomEnergies[i] += energy;
        }
    }

    private static void AddForce(in EvaluationBuffers buffers, int i, Neighbor one, double[] gradient)
    {
        double[] r = [one.X, one.Y, one.Z];
        for (var k = 0; k < 3; k++)
        {
            if (buffers.Forces is not null)
            {
                buffers.Forces[3L * one.Atom + k] -= gradient[k];
                buffers.Forces[3L * i + k] += gradient[k];
            }

            for (var l = 0; l < 3; l++)
            {
                var tensor = -r[k] * gradient[l];
                if (buffers.Virial is not null)
                {
                    buffers.Virial[3 * k + l] += tensor;
                }

                if (buffers.AtomVirials is not null)
                {
                    buffers.AtomVirials[9L * i + 3 * k + l] += 0.5 * tensor;
                    buffers.AtomVirials[9L * one.Atom + 3 * k + l] += 0.5 * tensor;
                }
            }
        }
    }
}
