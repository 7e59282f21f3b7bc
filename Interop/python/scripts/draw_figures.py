"""Draws the figures of a report, each into one SVG file."""
import os
import textwrap

import matplotlib
import numpy
from matplotlib import pyplot

# Okabe and Ito's colours, which people with any colour vision tell apart.
COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"]
# More points than this are drawn as an image inside the SVG, which keeps the page small.
MANY = 1500

matplotlib.rcParams.update({
    "axes.prop_cycle": matplotlib.cycler(color=COLORS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.alpha": 0.25,
    "font.size": 9,
    "axes.titlesize": 10,
    "legend.fontsize": 8,
    "legend.framealpha": 0.85,
    "savefig.dpi": 160,
})


def numbers(values):
    return numpy.array([float(value) for value in values], dtype=float)


def points(series):
    x, y = numbers(series["x"]), numbers(series["y"])
    error = None if series["error"] is None else numbers(series["error"])
    good = numpy.isfinite(x) & numpy.isfinite(y)
    return x[good], y[good], None if error is None else numpy.nan_to_num(error[good])


def colored(series):
    """A colour for every series, without end."""
    return [(one, COLORS[k % len(COLORS)]) for k, one in enumerate(series)]


def legend(axes, outside=False):
    handles, labels = axes.get_legend_handles_labels()
    if any(labels) and len(labels) > 1:
        axes.legend(loc="best") if len(labels) <= 8 and not outside else axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))


def side_by_side(places, distance):
    """Places at least so far from each other and as near as can be to the given ones, which ascend."""
    groups = []
    for middle in places:
        count = 1
        while groups and middle - groups[-1][0] < (count + groups[-1][1]) / 2 * distance:
            other, more = groups.pop()
            middle, count = (middle * count + other * more) / (count + more), count + more
        groups.append((middle, count))
    return [middle + (k - (count - 1) / 2) * distance for middle, count in groups for k in range(count)]


def draw_marks(canvas, axes, marks):
    """Dotted lines with their names above the axes, however close the lines are; returns the height of the names in points."""
    low, high = axes.get_xlim()
    marks = sorted((mark for mark in marks if low <= float(mark["x"]) <= high), key=lambda mark: float(mark["x"]))
    if not marks:
        return 0
    size, box = 6.5, axes.get_position()
    wide, tall = 72 * box.width * canvas.get_figwidth(), 72 * box.height * canvas.get_figheight()
    lines = axes.transAxes.inverted().transform(axes.transData.transform([(float(mark["x"]), 0) for mark in marks]))[:, 0] * wide
    for mark, place in zip(marks, side_by_side(lines, 1.25 * size)):
        axes.axvline(float(mark["x"]), ls=":", lw=0.9, color="0.4", zorder=0)
        axes.annotate(mark["name"], (float(mark["x"]), 1.0), xycoords=("data", "axes fraction"), xytext=(place / wide, 1.0 + 12 / tall), textcoords="axes fraction",
                      rotation=90, fontsize=size, va="bottom", ha="center", color="0.3", annotation_clip=False, arrowprops={"arrowstyle": "-", "lw": 0.5, "color": "0.5", "shrinkA": 1, "shrinkB": 0})
    return 14 + 0.58 * size * max(len(mark["name"]) for mark in marks)


def draw_parity(figure):
    canvas, axes = pyplot.subplots(figsize=(4.4, 4.2))
    low, high = numpy.inf, -numpy.inf
    many = sum(len(series["x"]) for series in figure["points"]) > MANY
    for series, color in colored(figure["points"]):
        x, y, _ = points(series)
        if len(x) == 0:
            continue
        rmse = numpy.sqrt(numpy.mean((y - x) ** 2)) * figure["unit_factor"]
        axes.plot(x, y, "o", ms=1.6 if many else 3.5, alpha=0.35 if many else 0.7, mew=0, color=color, rasterized=many,
                  label=series.get("legend") or f"{series['name']}: RMSE {rmse:.3g} {figure['unit']} ({len(x)})")
        low, high = min(low, x.min(), y.min()), max(high, x.max(), y.max())
    if numpy.isfinite(low):
        margin = 0.04 * (high - low) or 1
        line = [low - margin, high + margin]
        axes.plot(line, line, "-", color="0.4", lw=0.8, zorder=0)
        axes.set(xlim=line, ylim=line)
        leg = axes.legend(loc="upper left", handletextpad=0.3)
        for handle in leg.legend_handles if hasattr(leg, "legend_handles") else leg.legendHandles:
            handle.set_alpha(1)
            handle.set_markersize(4)
    axes.set_aspect("equal")
    axes.set(xlabel=figure["x_label"], ylabel=figure["y_label"])
    return canvas, axes


def draw_target(axes, target):
    if target is not None:
        axes.axhline(float(target["value"]), ls="--", lw=1, color="0.35", label=target["name"])


def draw_steps(axes, x, y, error, color, name):
    half = (x[1] - x[0]) / 2
    axes.stairs(y, numpy.append(x - half, x[-1] + half), fill=True, color=color, alpha=0.25, lw=0)
    axes.stairs(y, numpy.append(x - half, x[-1] + half), color=color, lw=1.1, label=name)
    if error is not None:
        axes.errorbar(x, y, yerr=error, fmt="none", ecolor=color, elinewidth=0.7)
    axes.set_ylim(bottom=0)


def draw_line(figure):
    canvas, axes = pyplot.subplots(figsize=(5.6, 3.6))
    for series, color in colored(figure["lines"]):
        x, y, error = points(series)
        style = series.get("style", "MarkedLine")
        if style == "Steps" and len(x) > 1:
            draw_steps(axes, x, y, error, color, series["name"])
            continue
        marked = "-o" if len(x) <= 60 else "-"
        axes.errorbar(x, y, yerr=error, fmt={"Markers": "o", "Line": "-"}.get(style, marked), ms=3.5, lw=1.2, capsize=2, color=color, label=series["name"])
    draw_target(axes, figure["target"])
    if figure["log_y"]:
        axes.set_yscale("log")
        # 200, not 2×10²: errors rarely span more than two powers of ten.
        for which in (axes.yaxis.set_major_formatter, axes.yaxis.set_minor_formatter):
            which(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set(xlabel=figure["x_label"], ylabel=figure["y_label"])
    whole = [x for series in figure["lines"] for x in points(series)[0]]
    if whole and all(x == round(x) for x in whole):
        axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(integer=True))
    legend(axes)
    return canvas, axes


def draw_curve(figure):
    canvas, axes = pyplot.subplots(figsize=(6.4, 3.8))
    for series, color in colored(figure["curves"]):
        x, y = numbers(series["x"]), numbers(series["y"])
        shown = numpy.where(y > 0, y, numpy.nan) if figure["logarithmic"] else y
        axes.plot(x, shown, "-", lw=1.1, color=color, label=series["name"])
        if series["error"] is not None:
            error = numpy.nan_to_num(numbers(series["error"]))
            low = numpy.maximum(y - error, numpy.nanmin(shown)) if figure["logarithmic"] and numpy.isfinite(shown).any() else y - error
            axes.fill_between(x, low, y + error, color=color, alpha=0.25, lw=0)
    if figure["logarithmic"]:
        axes.set_xscale("log")
        axes.set_yscale("log")
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            # One power of ten alone is no scale to read from.
            if high < 100 * low:
                axis.set_minor_locator(matplotlib.ticker.LogLocator(subs=(2, 5)))
                axis.set_minor_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
                axis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set(xlabel=figure["x_label"], ylabel=figure["y_label"])
    legend(axes, outside=len(figure["curves"]) > 4 or bool(figure["marks"]))
    axes.margins(x=0.02)
    names = draw_marks(canvas, axes, figure["marks"])
    axes.set_title(figure["title"], pad=6 + names)
    return canvas, axes


def draw_histogram(figure):
    canvas, axes = pyplot.subplots(figsize=(5.6, 3.6))
    sets = [numbers(series["values"]) for series in figure["values"]]
    sets = [values[numpy.isfinite(values)] for values in sets]
    everything = numpy.concatenate(sets) if sets else numpy.array([])
    if len(everything):
        edges = numpy.histogram_bin_edges(everything, bins=figure["bins"])
        for (series, color), values in zip(colored(figure["values"]), sets):
            axes.hist(values, bins=edges, histtype="stepfilled", alpha=0.35, color=color)
            axes.hist(values, bins=edges, histtype="step", color=color, lw=1.2, label=f"{series['name']} ({len(values)})")
    if figure["log_y"]:
        axes.set_yscale("log")
    axes.set(xlabel=figure["x_label"], ylabel=figure["y_label"])
    legend(axes)
    return canvas, axes


def draw_bar(figure):
    categories = figure["categories"]
    canvas, axes = pyplot.subplots(figsize=(max(4.0, min(12.0, 1.5 + 0.3 * len(categories) * (1 if figure["stacked"] else max(1, len(figure["bars"])) * 0.7))), 3.6))
    places = numpy.arange(len(categories))
    floor = numpy.zeros(len(categories))
    width = 0.8 if figure["stacked"] else 0.8 / max(1, len(figure["bars"]))
    for k, (series, color) in enumerate(colored(figure["bars"])):
        values = numpy.nan_to_num(numbers(series["values"]))
        if figure["stacked"]:
            axes.bar(places, values, width, bottom=floor, color=color, label=series["name"])
            floor += values
        else:
            axes.bar(places + (k - (len(figure["bars"]) - 1) / 2) * width, values, width, color=color, label=series["name"])
    long = max((len(name) for name in categories), default=0) > 4 and len(categories) > 6
    axes.set_xticks(places)
    axes.set_xticklabels(categories, rotation=60 if long else 0, ha="right" if long else "center")
    axes.grid(axis="x", visible=False)
    axes.set(xlabel=figure["x_label"], ylabel=figure["y_label"])
    legend(axes)
    return canvas, axes


def draw_trace(figure):
    panels = figure["panels"]
    canvas, columns = pyplot.subplots(len(panels), 1, sharex=True, squeeze=False, figsize=(6.4, 0.6 + 1.7 * len(panels)))
    for panel, axes in zip(panels, columns[:, 0]):
        for series, color in colored(panel["lines"]):
            x, y, _ = points(series)
            axes.plot(x, y, lw=0.8, color=color, label=series["name"], rasterized=len(x) > 10 * MANY)
        draw_target(axes, panel["target"])
        axes.set_ylabel(textwrap.fill(panel["y_label"], 20))
        axes.ticklabel_format(axis="y", useOffset=False)
    columns[-1, 0].set_xlabel(figure["x_label"])
    # One legend for panels that show the same things; otherwise each has its own, for colours mean something else in each.
    names = {tuple(series["name"] for series in panel["lines"]) for panel in panels}
    handles = {}
    for panel, axes in zip(panels, columns[:, 0]):
        own = {label: handle for handle, label in zip(*axes.get_legend_handles_labels())}
        if len(names) > 1 and len(own) > 1:
            axes.legend(own.values(), own.keys(), loc="upper left", bbox_to_anchor=(1.0, 1.05))
        # A line that its panel's axis names already needs no entry.
        own.pop(panel["y_label"], None)
        for label, handle in own.items():
            handles.setdefault(label, handle)
    if len(names) == 1 and len(handles) > 1:
        columns[0, 0].legend(handles.values(), handles.keys(), loc="upper left", bbox_to_anchor=(1.0, 1.0))
    canvas.align_ylabels()
    return canvas, columns[0, 0]


def draw_timeline(figure):
    rows, kinds = [], []
    for span in figure["spans"]:
        rows.append(span["row"]) if span["row"] not in rows else None
        kinds.append(span["kind"]) if span["kind"] not in kinds else None
    canvas, axes = pyplot.subplots(figsize=(7.0, 0.9 + 0.26 * max(1, len(rows))))
    for kind, color in zip(kinds, COLORS * (1 + len(kinds) // len(COLORS))):
        bars = [span for span in figure["spans"] if span["kind"] == kind]
        axes.barh([rows.index(span["row"]) for span in bars], [span["end"] - span["start"] for span in bars],
                  left=[span["start"] for span in bars], height=0.7, color=color, label=kind)
    axes.set_yticks(range(len(rows)))
    axes.set_yticklabels(rows)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(figure["x_label"])
    if len(kinds) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return canvas, axes


DRAW = {"parity": draw_parity, "line": draw_line, "histogram": draw_histogram, "bar": draw_bar, "trace": draw_trace, "timeline": draw_timeline, "curve": draw_curve}


def run(request):
    files = []
    for figure in request["figures"]:
        # The same data gives the same file: no date, and names inside that depend on the figure alone.
        matplotlib.rcParams["svg.hashsalt"] = figure["name"]
        canvas, axes = DRAW[figure["kind"]](figure)
        if not axes.get_title():
            axes.set_title(figure["title"])
        files.append(os.path.join(request["folder"], figure["name"] + ".svg"))
        canvas.savefig(files[-1], format="svg", bbox_inches="tight", metadata={"Date": None})
        pyplot.close(canvas)
    return files
