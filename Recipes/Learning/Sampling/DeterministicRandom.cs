using System.Numerics;
using System.Text;

namespace MofInterop.Learning;

/// <summary>
/// xoshiro256** 1.0 (D. Blackman and S. Vigna, <c>https://prng.di.unimi.it</c>, public domain), seeded through
/// SplitMix64: the same numbers from the same seed on every machine, runtime and version of this software, which
/// <see cref="Random"/> does not promise. Not thread-safe.
/// </summary>
public sealed class DeterministicRandom
{
    private readonly ulong[] _state = new ulong[4];

    /// <summary>Starts the sequence of a seed.</summary>
    public DeterministicRandom(ulong seed)
    {
        for (var k = 0; k < 4; k++)
        {
            _state[k] = SplitMix(ref seed);
        }
    }

    /// <summary>
    /// An independent sequence for one use of a seed (<c>"generation 3, run 17, velocities"</c>), so that adding a use
    /// leaves the numbers of all others as they were. The name is hashed by 64-bit FNV-1a over its UTF-8 bytes.
    /// </summary>
    public static DeterministicRandom ForStream(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var hash = 14695981039346656037UL;
        foreach (var value in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        return new DeterministicRandom(SplitMix(ref seed) ^ hash);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var s = _state;
        var result = BitOperations.RotateLeft(s[1] * 5, 7) * 9;
        var t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = BitOperations.RotateLeft(s[3], 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [−<paramref name="amplitude"/>, <paramref name="amplitude"/>).</summary>
    public double NextSymmetric(double amplitude) => amplitude * (2 * NextUnit() - 1);

    /// <summary>Uniform in 1 … <paramref name="largest"/>: a seed as LAMMPS's <c>velocity create</c> takes it.</summary>
    public int NextPositive(int largest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(largest, 1);
        return 1 + (int)(NextUnit() * largest);
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
