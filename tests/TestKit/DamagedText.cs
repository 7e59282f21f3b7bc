using System.Text;

namespace MofInterop.TestKit;

/// <summary>Text as a broken disk, a bad editor or a careless hand leaves it.</summary>
public static class DamagedText
{
    private const string Fragments = "\0#\"'{}[]:,*&!|>%@`\n\r\t -+.e0123456789nainf\u00e9\u2028";

    /// <summary>Removes, inserts, replaces, repeats or cuts off, one to five times.</summary>
    public static string Of(string original, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var text = new StringBuilder(original);
        for (var n = random.Next(1, 6); n > 0 && text.Length > 1; n--)
        {
            var place = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 20), text.Length - place);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(place, length);
                    break;
                case 1:
                    text.Insert(place, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    text[place] = Fragments[random.Next(Fragments.Length)];
                    break;
                case 3:
                    text.Insert(random.Next(text.Length), text.ToString(place, length));
                    break;
                default:
                    text.Length = place;
                    break;
            }
        }

        return text.ToString();
    }
}
