using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Tells configurations apart by kinds of atoms, cell and positions to the last bit.</summary>
internal static class ConfigurationHash
{
    /// <summary>Hexadecimal.</summary>
    public static string Of(AtomicConfiguration atoms)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join(' ', atoms.Types ?? atoms.Symbols)));
        hash.AppendData(MemoryMarshal.AsBytes(atoms.Cell!.Rows));
        hash.AppendData(MemoryMarshal.AsBytes<double>(atoms.Positions));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
