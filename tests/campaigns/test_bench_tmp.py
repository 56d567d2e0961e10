import time, pytest, datetime as dt
from decimal import Decimal
from django.db import connection
from campaigns.models import *
from tests.factories.rewards import *
from tests.factories.crowd import make_crowd
pytestmark = pytest.mark.django_db

@pytest.mark.parametrize("total", ["10000000.00","100000.00"])
def test_speed(total, capsys):
    make_crowd(50_000)
    v = version_with(tier("low","3.33"), tier("high","7.77",stock=20000), budget={"total":total,"per_customer":"100","per_day":"9000000","shares":{"bank":"66.66","M1":"33.34"}})
    cards = list(Card.objects.select_related("customer").order_by("id"))
    with connection.cursor() as c: c.execute("ANALYZE")
    cs=[candidate(x,0,1) for x in cards]
    on=dt.date(2030,1,1)
    t=time.monotonic(); ask(v,cs,is_live=False,on=on); a=time.monotonic()-t
    import cProfile
    t=time.monotonic(); got=ask(v,cs,on=on); b=time.monotonic()-t
    t=time.monotonic(); ask(v,cs,on=on); d=time.monotonic()-t
    # bare: the same grant rows and entries copied once more into tables without triggers
    with connection.cursor() as c:
        c.execute("CREATE TEMP TABLE g (LIKE campaigns_grant INCLUDING INDEXES)"); c.execute("CREATE TEMP TABLE e (LIKE campaigns_budgetentry INCLUDING INDEXES)")
        t=time.monotonic(); c.execute("INSERT INTO g SELECT * FROM campaigns_grant ORDER BY id"); c.execute("INSERT INTO e SELECT * FROM campaigns_budgetentry ORDER BY id"); bare=time.monotonic()-t
    with capsys.disabled(): print(total, "dry", round(a,2), "live", round(b,2), "again", round(d,2), "granted", sum(x.answer=="granted" for x in got), "bare", round(bare,2))
