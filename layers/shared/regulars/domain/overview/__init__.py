"""Over time: how many came, did something, bought and bought again, month by month, and what becomes of those who bought.

Months are calendar months of UTC, and what somebody did after the as-of moment does not exist. What bots and tests did counts nowhere. The words
(docs/measure.md says them for users):

reached     visitors: whoever was there in the month, known or not (Chaffey's RACE: reach, act, convert, engage). Not whom a call only names
acted       those of them who did more than look (`visits`)
converted   those who ordered
engaged     those whose order was not their first

new         customers, who are known people, whose first order is in the month
lapsed      who had not ordered for LAPSED, the moment of which is in the month
won_back    who ordered after LAPSED or more without
active      at the month's end: who ordered in the last ACTIVE (LAPSED and ACTIVE are those of the ready-made segments, `segments.lifecycle`)
"""
