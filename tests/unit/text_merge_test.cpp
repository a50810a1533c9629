#include <set>
#include <vector>

#include <QtTest>

#include "sync/records/text_merge.h"

using replica::mergeTexts;

// Two texts that grew out of one.
class TextMergeTest : public QObject {
    Q_OBJECT

private slots:

    void textsAreMerged_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("older");
        QTest::addColumn<QString>("newer");
        QTest::addColumn<QString>("merged");  // null: a person must choose
        QTest::newRow("only one changed") << "A. B."
                                          << "A. B."
                                          << "A. C."
                                          << "A. C.";
        QTest::newRow("both the same") << "A. B."
                                       << "A. C."
                                       << "A. C."
                                       << "A. C.";
        QTest::newRow("different sentences") << "He likes rye. Opens at six."
                                             << "He loves rye. Opens at six."
                                             << "He likes rye. Opens at seven."
                                             << "He loves rye. Opens at seven.";
        QTest::newRow("both added at the end") << "He likes rye."
                                               << "He likes rye. Has a dog."
                                               << "He likes rye. Closed on Mondays."
                                               << "He likes rye. Has a dog. Closed on Mondays.";
        QTest::newRow("both began it") << ""
                                       << "Has a dog."
                                       << "Closed on Mondays."
                                       << "Has a dog.\nClosed on Mondays.";
        // What both took in from a text that was refused: nobody has it as a common origin.
        QTest::newRow("both took in the same") << ""
                                               << "Likes rye. Has a dog."
                                               << "Has a dog. Closed on Mondays."
                                               << "Likes rye. Has a dog. Closed on Mondays.";
        QTest::newRow("lines") << "dog\ncat"
                               << "dog\nbird\ncat"
                               << "dog\ncat\nfish"
                               << "dog\nbird\ncat\nfish";
        QTest::newRow("one took out what the other left") << "A. B. C."
                                                          << "A. C."
                                                          << "A. B. C. D."
                                                          << "A. C. D.";
        QTest::newRow("one changed, the other went on") << "Likes rye."
                                                        << "Likes rye. Has a dog."
                                                        << "Likes rye and buns."
                                                        << "Likes rye and buns. Has a dog.";
        QTest::newRow("one changed, the other began before") << "Likes rye."
                                                             << "Likes buns."
                                                             << "Has a dog. Likes rye."
                                                             << "Has a dog. Likes buns.";
        QTest::newRow("a longer word is no addition") << "Opens at six"
                                                      << "Opens at sixteen"
                                                      << "Opens at seven" << QString();
        QTest::newRow("the same sentence") << "Opens at six."
                                           << "Opens at five."
                                           << "Opens at seven." << QString();
        QTest::newRow("taken out and changed") << "A. Opens at six. C."
                                               << "A. C."
                                               << "A. Opens at seven. C." << QString();
        QTest::newRow("one emptied it") << "A. B."
                                        << ""
                                        << "A. C." << QString();
        QTest::newRow("nothing anywhere") << ""
                                          << ""
                                          << ""
                                          << "";
        QTest::newRow("no end mark, other letters")
            << QStringLiteral("ça va") << QStringLiteral("ça va\nété")
            << QStringLiteral("où\nça va") << QStringLiteral("où\nça va\nété");
    }

    void textsAreMerged()
    {
        QFETCH(QString, base);
        QFETCH(QString, older);
        QFETCH(QString, newer);
        QFETCH(QString, merged);
        const auto made = mergeTexts(base.toStdString(), older.toStdString(), newer.toStdString());
        QCOMPARE(made ? QString::fromStdString(*made) : QString(), merged);
        QCOMPARE(made.has_value(), !merged.isNull());
    }

    // Whatever two people only added is there afterwards, and nothing else.
    void nothingAddedIsLost()
    {
        std::uint64_t chance = 5;
        const auto below = [&](std::size_t bound) {
            chance = chance * 6364136223846793005U + 1442695040888963407U;
            return static_cast<std::size_t>(chance >> 33U) % bound;
        };
        const auto joined = [](const std::vector<int> &numbers) {
            std::string text;
            for (const int number : numbers)
                text += (text.empty() ? "s" : " s") + std::to_string(number) + '.';
            return text;
        };
        for (int round = 0; round < 2'000; ++round) {
            std::vector<int> base(below(6));
            for (std::size_t i = 0; i < base.size(); ++i)
                base[i] = static_cast<int>(i);
            std::vector<int> sides[2] = {base, base};
            std::multiset<int> all(base.begin(), base.end());
            for (int side = 0; side < 2; ++side) {
                for (std::size_t i = below(4); i > 0; --i) {
                    const int added = 100 + side * 50 + static_cast<int>(i);
                    sides[side].insert(sides[side].begin()
                            + static_cast<std::ptrdiff_t>(below(sides[side].size() + 1)),
                        added);
                    all.insert(added);
                }
            }
            const auto merged = mergeTexts(joined(base), joined(sides[0]), joined(sides[1]));
            QVERIFY(merged.has_value());
            std::multiset<int> found;
            const QString text = QString::fromStdString(*merged);
            for (const QString &word : text.split(QRegularExpression("\\s+"), Qt::SkipEmptyParts))
                found.insert(word.mid(1).chopped(1).toInt());
            QVERIFY2(found == all, qPrintable(text));
        }
    }

    void aTextWithoutEndIsNotMerged()
    {
        std::string endless;
        for (int i = 0; i < 5'000; ++i)
            endless += "a\n";
        QVERIFY(!mergeTexts(endless, endless + "b", "c\n" + endless).has_value());
    }
};

QTEST_APPLESS_MAIN(TextMergeTest)
#include "text_merge_test.moc"
