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

    private readonly int _twoJMax;
    private readonly BispectrumIndex[] _components;
    private readonly int[] _blocks;
    private readonly int[] _elements;
    private readonly int[] _usedPerProduct;

    private ProductChoice(int twoJMax)
    {
        _twoJMax = twoJMax;
        _components = SnapIndices.Components(twoJMax);
        var size = (twoJMax + 1) * (twoJMax + 1);
        (_blocks, _elements, _usedPerProduct) = (new int[size * (twoJMax + 1)], new int[size * (twoJMax + 1)], new int[size]);
        foreach (var component in _components)
        {
            for (var k = 0; k < 3; k++)
            {
                var (x, y, z) = Order(component, k);
                (_blocks[Place(x, y, z)], _elements[Place(x, y, z)]) = Count(x, y, z);
            }
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

    private int Place(int x, int y, int z) => (x * (_twoJMax + 1) + y) * (_twoJMax + 1) + z;

    // Blocks and elements of (x,y) that reach z; those of a smaller z are among them.
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

    private long Cost(int[] receivers)
    {
        Array.Clear(_usedPerProduct);
        var cost = 0L;
        for (var c = 0; c < receivers.Length; c++)
        {
            var (x, y, z) = Order(_components[c], receivers[c]);
            cost += (long)ElementOfZCost * _elements[Place(x, y, z)] + (long)BlockOfZCost * _blocks[Place(x, y, z)];
            ref var largest = ref _usedPerProduct[x * (_twoJMax + 1) + y];
            largest = Math.Max(largest, z + 1);
        }

        for (var product = 0; product < _usedPerProduct.Length; product++)
        {
            if (_usedPerProduct[product] > 0)
            {
                var place = product * (_twoJMax + 1) + _usedPerProduct[product] - 1;
                cost += (long)ElementCost * _elements[place] + (long)BlockCost * _blocks[place];
            }
        }

        return cost;
    }
}
