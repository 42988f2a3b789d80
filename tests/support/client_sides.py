"""The two clients behind one face, so that each behaviour is written once and seen on both."""

from __future__ import annotations

import asyncio
import threading

from sekur_sdk import AsyncSekurClient, SekurClient


class SyncSide:
    name = "sync"
    client_class = SekurClient

    def run(self, value):
        return value

    def collect(self, iterable, count=None):
        found = []
        for item in iterable:
            found.append(item)
            if len(found) == count:
                break
        return found

    def collect_into(self, found, iterable):
        for item in iterable:
            found.append(item)

    def close(self, closable):
        closable.close()

    def gather(self, *calls):
        results = [None] * len(calls)

        def work(index):
            results[index] = calls[index]()

        threads = [threading.Thread(target=work, args=(index,)) for index in range(len(calls))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def collect_closing_after(self, stream, seconds):
        timer = threading.Timer(seconds, stream.close)
        timer.start()
        try:
            return self.collect(stream)
        finally:
            timer.join()

    def stop(self):
        pass


class AsyncSide:
    name = "async"
    client_class = AsyncSekurClient

    def __init__(self):
        self.runner = asyncio.Runner()

    def run(self, awaitable):
        async def wait():
            return await awaitable

        return self.runner.run(wait())

    def collect(self, iterable, count=None):
        async def gather():
            found = []
            async for item in iterable:
                found.append(item)
                if len(found) == count:
                    break
            return found

        return self.run(gather())

    def collect_into(self, found, iterable):
        async def gather():
            async for item in iterable:
                found.append(item)

        self.run(gather())

    def close(self, closable):
        self.run(closable.aclose())

    def gather(self, *calls):
        async def all_at_once():
            return await asyncio.gather(*(call() for call in calls))

        return self.run(all_at_once())

    def collect_closing_after(self, stream, seconds):
        async def close_later():
            await asyncio.sleep(seconds)
            await stream.aclose()

        async def both():
            closing = asyncio.create_task(close_later())
            found = [event async for event in stream]
            await closing
            return found

        return self.run(both())

    def stop(self):
        self.runner.close()
