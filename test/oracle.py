"""What windows, watermarks and lateness mean, as a slow program that the engine has to agree with on every row.

Times are milliseconds. One partition, rows in the order of arrival.
  * The watermark before a row: the highest event time before it, less the delay. Before the first row there is none.
  * A window [start, end) is over once a watermark has reached end - 1; at the end of the input every window is over.
  * A row is late for a window that is over. Where windows overlap it may be late for some and in time for others.
  * A session of gap g: rows of one key at most g apart. A row first joins the sessions that are not over and that it
    touches, then is late only if what it ends up in is over.
  * A session of at most m: rows wait until the watermark has passed them and are then taken in order of time. A row
    goes on with the session if t <= last + g and t < start + m, else it begins a new one; end = min(last + g, start + m).
    A row that comes at or behind the watermark joins only a session that is not over and has start <= t < end.
"""
import heapq


class Group:
    """The rows of one window and key: how many, and the values of one column that were not NULL."""

    def __init__(self):
        self.rows, self.values = 0, []

    def add(self, value):
        self.rows += 1
        if value is not None:
            self.values.append(value)

    def absorb(self, other):
        self.rows += other.rows
        self.values += other.values

    def summary(self):
        v = self.values
        return (self.rows, sum(v) / len(v) if v else None, max(v) if v else None)


def windows_of(kind, size, step, t):
    """The aligned windows that hold t, as (start, end)."""
    if kind == "tumble":
        start = t - t % size
        return [(start, start + size)]
    if kind == "hop":
        last = t - t % step
        return [(start, start + size) for start in range(last, t - size, -step)]
    start = t - t % size  # cumulate: nested windows that end at each step
    first = start + ((t - start) // step + 1) * step
    return [(start, end) for end in range(first, start + size + 1, step)]


def watermarks(rows, delay):
    """(row, watermark before it) for each row; rows are (number, key, time, value)."""
    highest = None
    for row in rows:
        yield row, None if highest is None else highest - delay
        highest = row[2] if highest is None else max(highest, row[2])


def over(end, watermark):
    return watermark is not None and end - 1 <= watermark


def aligned(rows, delay, kind, size, step):
    """A window's rows are those that came before it was over, so nothing ever has to be closed here."""
    groups, late = {}, []
    for (number, key, t, value), watermark in watermarks(rows, delay):
        missed = []
        for window in windows_of(kind, size, step, t):
            if over(window[1], watermark):
                missed.append(window)
            else:
                groups.setdefault((window, key), Group()).add(value)
        if missed:
            late.append((number, sorted(missed)))
    return {at: group.summary() for at, group in groups.items()}, late


def sessions(rows, delay, gap):
    done, live, late = {}, {}, []
    for (number, key, t, value), watermark in watermarks(rows, delay):
        start, end, group, apart = t, t + gap, Group(), []
        group.add(value)
        for session in live.get(key, []):
            if over(session[1], watermark):
                done[(session[0], session[1]), key] = session[2].summary()
            elif session[0] <= end and session[1] >= start:
                start, end = min(start, session[0]), max(end, session[1])
                group.absorb(session[2])
            else:
                apart.append(session)
        if over(end, watermark):
            late.append((number, [(start, end)]))
        else:
            apart.append((start, end, group))
        live[key] = apart
    for key, open_sessions in live.items():
        for start, end, group in open_sessions:
            done[(start, end), key] = group.summary()
    return done, late


class Capped:
    """Sessions with a longest duration. Keys wake up when the watermark reaches a waiting row or a session's end."""

    def __init__(self, gap, longest):
        self.gap, self.longest = gap, longest
        self.waiting, self.current, self.wake, self.done = {}, {}, [], {}

    def end(self, session):
        return min(session[1] + self.gap, session[0] + self.longest)

    def finish(self, key):
        session = self.current.pop(key)
        self.done[(session[0], self.end(session)), key] = session[2].summary()

    def add(self, number, key, t, value, watermark):
        """None, or the window that the row missed."""
        if watermark is not None and t <= watermark:
            session = self.current.get(key)
            if session is None or not session[0] <= t < self.end(session):
                return (t, min(t + self.gap, t + self.longest))
            session[1] = max(session[1], t)
            session[2].add(value)
            heapq.heappush(self.wake, (self.end(session) - 1, key))
            return None
        heapq.heappush(self.waiting.setdefault(key, []), (t, number, value))
        heapq.heappush(self.wake, (t, key))
        return None

    def advance(self, watermark):
        awake = set()
        while self.wake and (watermark is None or self.wake[0][0] <= watermark):
            awake.add(heapq.heappop(self.wake)[1])
        for key in awake:
            self.advance_key(key, watermark)

    def advance_key(self, key, watermark):
        queue = self.waiting.get(key, [])
        while queue and (watermark is None or queue[0][0] <= watermark):
            t, _, value = heapq.heappop(queue)
            session = self.current.get(key)
            if session and t <= session[1] + self.gap and t < session[0] + self.longest:
                session[1] = t
            else:
                if session:
                    self.finish(key)
                session = self.current[key] = [t, t, Group()]
            session[2].add(value)
        session = self.current.get(key)
        if session is None:
            return
        if watermark is None or over(self.end(session), watermark):
            self.finish(key)
        else:
            heapq.heappush(self.wake, (self.end(session) - 1, key))


def capped_sessions(rows, delay, gap, longest):
    capped, late, seen = Capped(gap, longest), [], None
    for (number, key, t, value), watermark in watermarks(rows, delay):
        if watermark != seen:
            capped.advance(watermark)
            seen = watermark
        missed = capped.add(number, key, t, value, watermark)
        if missed:
            late.append((number, [missed]))
    capped.advance(None)
    return capped.done, late
