namespace MofInterop.Potentials.Snap.Cubic;

/// <summary>
/// Which two layers of a component's three form the product. The energy does not care; the work does: all components of
/// one product (x,y) share U_x·U_y and what is handed back to both, so that few products with many z each are best.
/// Found when a model is loaded, by descent from several starts; the result is always the same.
/// </summary>
internal sealed class ProductChoice
{
    private const int Starts = 40;

    // Vector operations of an element, and more for each z; the same for a block (CubicKernels).
    private const int ElementCost = 14, ElementOfZCost = 4, BlockCost = 16, BlockOfZCost = 10;

    private readonly BispectrumIndex[] _components;

    // For each component and choice: the product's place, the choice's own cost, and that of a product which reaches z.
    private readonly int[] _products;
    private readonly long[] _own;
    private readonly long[] _reach;
    private readonly long[] _largest;

    private ProductChoice(int twoJMax)
    {
        _components = SnapIndices.Components(twoJMax);
        (_products, _own, _reach) = (new int[3 * _components.Length], new long[3 * _components.Length], new long[3 * _components.Length]);
        _largest = new long[(twoJMax + 1) * (twoJMax + 1)];
        for (var k = 0; k < _products.Length; k++)
        {
            var (x, y, z) = Order(_components[k / 3], k % 3);
            var (blocks, elements) = Count(x, y, z);
            _products[k] = x * (twoJMax + 1) + y;
            _own[k] = (long)ElementOfZCost * elements + (long)BlockOfZCost * blocks;
            _reach[k] = (long)ElementCost * elements + (long)BlockCost * blocks;
        }
    }

    /// <summary>(x,y,z) with x ≥ y for every component, in LAMMPS's order.</summary>
    public static (int X, int Y, int Z)[] Find(int twoJMax) => new ProductChoice(twoJMax).Search();

    private static (int X, int Y, int Z) Order(BispectrumIndex component, int receiver) => receiver switch
    {
        0 => (component.J1, component.J2, component.J),
        1 => (component.J, component.J2, component.J1),
        _ => (component.J, component.J1, component.J2),
    };

    // Blocks and elements of (x,y) that reach z.
    private static (int Blocks, int Elements) Count(int x, int y, int z)
    {
        int blocks = 0, elements = 0;
        for (var mb = -z; mb <= 0; mb += 2)
        {
            for (var ma = -z; ma <= (mb == 0 ? 0 : z); ma += 2)
            {
                var products = Overlap(x, y, ma) * Overlap(x, y, mb);
                blocks++;
                elements += x == y ? (products + 1) / 2 : products;
            }
        }

        return (blocks, elements);

        static int Overlap(int x, int y, int m) => (Math.Min(x, m + y) - Math.Max(-x, m - y)) / 2 + 1;
    }

    private (int X, int Y, int Z)[] Search()
    {
        var random = new Random(1);
        int[]? best = null;
        var least = long.MaxValue;
        for (var start = 0; start < Starts; start++)
        {
            int[] receivers = [.. _components.Select(_ => start == 0 ? 2 : random.Next(3))];
            var cost = Descend(receivers);
            if (cost < least)
            {
                (least, best) = (cost, receivers);
            }
        }

        return [.. _components.Select((component, c) => Order(component, best![c]))];
    }

    private long Descend(int[] receivers)
    {
        var cost = Cost(receivers);
        for (var improved = true; improved;)
        {
            improved = false;
            for (var c = 0; c < receivers.Length; c++)
            {
                var own = receivers[c];
                for (var other = 0; other < 3; other++)
                {
                    var before = receivers[c];
                    receivers[c] = other;
                    var now = other == before ? cost : Cost(receivers);
                    if (now < cost)
                    {
                        (cost, improved) = (now, true);
                    }
                    else
                    {
                        receivers[c] = before;
                    }
                }

                improved |= receivers[c] != own;
            }
        }

        return cost;
    }

    // Blocks that reach a smaller z are among those of the largest.
    private long Cost(int[] receivers)
    {
        Array.Clear(_largest);
        var cost = 0L;
        for (var c = 0; c < receivers.Length; c++)
        {
            var choice = 3 * c + receivers[c];
            cost += _own[choice];
            ref var largest = ref _largest[_products[choice]];
            if (_reach[choice] > largest)
            {
                cost += _reach[choice] - largest;
                largest = _reach[choice];
            }
        }

        return cost;
    }
}
