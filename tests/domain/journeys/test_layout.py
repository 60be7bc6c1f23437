"""Where boxes and lines of any graph go: nothing lies on anything else, and every line is there."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.journeys.layout import Box, Edge, Layout, Size, arranged

NAMES = [f"n{number}" for number in range(7)]
SIZES = st.builds(Size, st.sampled_from([16.0, 120.0, 200.0]), st.sampled_from([16.0, 54.0, 71.0]))
EDGES = st.builds(Edge, st.sampled_from(NAMES), st.sampled_from(NAMES), st.none() | SIZES)
GRAPHS = st.tuples(
    st.fixed_dictionaries(dict.fromkeys(("top", *NAMES), SIZES)), st.lists(EDGES, max_size=14, unique_by=lambda edge: (edge.start, edge.end))
)
CLOSE = 1e-6


def drawn(graph: tuple[dict[str, Size], list[Edge]]) -> Layout:
    boxes, edges = graph
    return arranged(boxes, [Edge("top", "n0"), *edges], top="top")


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width - CLOSE
        and other.x < one.x + one.width - CLOSE
        and one.y < other.bottom - CLOSE
        and other.y < one.bottom - CLOSE
    )


@given(GRAPHS)
def test_no_two_boxes_and_nothing_that_a_line_says_overlap(graph: tuple[dict[str, Size], list[Edge]]) -> None:
    found = drawn(graph)
    things = [*found.boxes.values(), *(line.label for line in found.lines if line.label)]
    assert not [pair for pair in combinations(things, 2) if overlap(*pair)]
    assert all(box.x >= -CLOSE and box.x + box.width <= found.width + CLOSE and box.bottom <= found.height + CLOSE for box in things)


@given(GRAPHS)
def test_every_edge_is_drawn_from_its_start_to_its_end_with_what_it_says(graph: tuple[dict[str, Size], list[Edge]]) -> None:
    found = drawn(graph)
    assert [line.edge for line in found.lines] == [Edge("top", "n0"), *graph[1]]
    for line in found.lines:
        assert touches(line.points[0], found.boxes[line.edge.start]) and touches(line.points[-1], found.boxes[line.edge.end])
        assert (line.label is None) == (line.edge.label is None)


@given(GRAPHS)
def test_no_line_goes_through_a_box(graph: tuple[dict[str, Size], list[Edge]]) -> None:
    """Upright it is between boxes; and where it turns there is none, whatever it is next to."""
    found = drawn(graph)
    for line in found.lines:
        for (x, y), (to_x, to_y) in pairwise(line.points):
            swept = Box(min(x, to_x), min(y, to_y), abs(to_x - x), abs(to_y - y))
            assert not [name for name, box in found.boxes.items() if overlap(swept, box)], line.edge


@given(GRAPHS)
def test_the_first_box_is_above_all_others_and_what_leads_on_leads_down(graph: tuple[dict[str, Size], list[Edge]]) -> None:
    found = drawn(graph)
    assert found.boxes["top"].y == min(box.y for box in found.boxes.values())
    assert all(box.y >= found.boxes["top"].bottom for name, box in found.boxes.items() if name != "top")
    forward = {(line.edge.start, line.edge.end) for line in found.lines if not line.leads_back}
    assert all(found.boxes[start].bottom <= found.boxes[end].y + CLOSE for start, end in forward)


def touches(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    in_width, in_height = box.x - CLOSE <= x <= box.x + box.width + CLOSE, box.y - CLOSE <= y <= box.bottom + CLOSE
    return in_width and in_height and (min(abs(y - box.y), abs(y - box.bottom)) < CLOSE or abs(x - box.x - box.width) < CLOSE)


def test_the_longest_way_says_how_far_down_a_box_is_and_a_circle_is_cut_where_it_closes() -> None:
    size = Size(100, 50)
    edges = [Edge("top", "a"), Edge("a", "b"), Edge("a", "c"), Edge("b", "c"), Edge("c", "a")]
    found = arranged(dict.fromkeys(("top", "a", "b", "c"), size), edges, top="top")
    assert [found.boxes[name].y for name in ("top", "a", "b", "c")] == sorted(box.y for box in found.boxes.values())
    assert [line.leads_back for line in found.lines] == [False, False, False, False, True]
