namespace MofInterop.Potentials.Atoms;

/// <summary>Adds what a kernel found for a gathered center to a host's buffers.</summary>
internal static unsafe class GatheredScatter
{
    /// <summary>Energies (eV) and forces (eV/Å) of a center beyond this count as not finite: so their sums over any number of atoms are numbers too.</summary>
    public const double Largest = 1e150;

    /// <summary>Adds the energy of a center, eV; false where it is not finite.</summary>
    public static bool AddEnergy(in GatheredCenter center, double energy, in EvaluationBuffers buffers)
    {
        if (!(Math.Abs(energy) < Largest))
        {
            return false;
        }

        if (buffers.Energy is not null)
        {
            *buffers.Energy += energy;
        }

        if (buffers.AtomEnergies is not null)
        {
            buffers.AtomEnergies[center.Atom] += energy;
        }

        return true;
    }

    /// <summary>Adds forces and virials of a center and its neighbours; false where they are not finite.</summary>
    /// <param name="center">The center.</param>
    /// <param name="scale">Factor of its energy.</param>
    /// <param name="neighbor">Its neighbours, as many as it says.</param>
    /// <param name="gradient">∂E/∂r_j, eV/Å: components and neighbours are <paramref name="stride"/> and three times that apart.</param>
    /// <param name="stride">Numbers from one component to the next.</param>
    /// <param name="buffers">The host's.</param>
    public static bool AddForces(in GatheredCenter center, double scale, GatheredNeighbor* neighbor, double* gradient, int stride, in EvaluationBuffers buffers)
    {
        double fx = 0, fy = 0, fz = 0, sum = 0;
        var tensor = stackalloc double[9];
        new Span<double>(tensor, 9).Clear();
        for (var n = 0; n < center.Count; n++, neighbor++, gradient += 3 * stride)
        {
            double gx = scale * gradient[0], gy = scale * gradient[stride], gz = scale * gradient[2 * stride];
            fx += gx;
            fy += gy;
            fz += gz;
            sum += Math.Abs(gx) + Math.Abs(gy) + Math.Abs(gz);
            if (buffers.Forces is not null)
            {
                var target = buffers.Forces + 3L * neighbor->Atom;
                target[0] -= gx;
                target[1] -= gy;
                target[2] -= gz;
            }

            if (buffers.Virial is not null || buffers.AtomVirials is not null)
            {
                AddVirial(*neighbor, gx, gy, gz, tensor, buffers.AtomVirials);
            }
        }

        if (buffers.Forces is not null)
        {
            var own = buffers.Forces + 3L * center.Atom;
            own[0] += fx;
            own[1] += fy;
            own[2] += fz;
        }

        for (var m = 0; m < 9; m++)
        {
            if (buffers.Virial is not null)
            {
                buffers.Virial[m] += tensor[m];
            }

            if (buffers.AtomVirials is not null)
            {
                buffers.AtomVirials[9L * center.Atom + m] += 0.5 * tensor[m];
            }
        }

        // NaN is not below anything.
        return sum < Largest;
    }

    // r ⊗ f with f = −g the force on the neighbour; half of it is the neighbour's.
    private static void AddVirial(in GatheredNeighbor neighbor, double gx, double gy, double gz, double* tensor, double* atomVirials)
    {
        AddRow(neighbor.X, gx, gy, gz, tensor);
        AddRow(neighbor.Y, gx, gy, gz, tensor + 3);
        AddRow(neighbor.Z, gx, gy, gz, tensor + 6);
        if (atomVirials is not null)
        {
            var own = atomVirials + 9L * neighbor.Atom;
            AddRow(0.5 * neighbor.X, gx, gy, gz, own);
            AddRow(0.5 * neighbor.Y, gx, gy, gz, own + 3);
            AddRow(0.5 * neighbor.Z, gx, gy, gz, own + 6);
        }
    }

    private static void AddRow(double r, double gx, double gy, double gz, double* row)
    {
        row[0] -= r * gx;
        row[1] -= r * gy;
        row[2] -= r * gz;
    }
}
